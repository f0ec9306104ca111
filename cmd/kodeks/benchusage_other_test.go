//go:build !unix

package main

import "os"

// peakMemory is not known here.
func peakMemory(*os.ProcessState) (int64, bool) { return 0, false }

// onDisk returns the size of a file.
func onDisk(info os.FileInfo) int64 { return info.Size() }
