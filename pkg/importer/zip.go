package importer

import (
	"archive/zip"
	"fmt"
	"io/fs"
)

// What a file of a zip may unpack to. The largest releases of SNOMED CT have files of
// some gigabytes, packed to a tenth; a two-hundredth is no release.
const (
	maxUnpacked = 64 << 30
	maxRatio    = 200
	freeRatio   = 64 << 20 // bytes before the ratio counts
)

// zipFiles are the files of a zip. They are held to what they may unpack to while they
// are read: what the zip says of itself need not be true.
type zipFiles struct{ *zip.Reader }

// Open opens a file or folder.
func (z zipFiles) Open(name string) (fs.File, error) {
	f, err := z.Reader.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		return f, err
	}
	header, ok := info.Sys().(*zip.FileHeader)
	if !ok {
		return f, nil
	}
	return &zipFile{File: f, name: name, packed: header.CompressedSize64}, nil
}

// zipFile is an open file of a zip.
type zipFile struct {
	fs.File
	name      string
	packed, n uint64
}

// Read reads what is unpacked.
func (f *zipFile) Read(p []byte) (int, error) {
	n, err := f.File.Read(p)
	switch f.n += uint64(n); {
	case f.n > maxUnpacked:
		return 0, fmt.Errorf("%s: the file in the zip unpacks to more than %d GiB", f.name, maxUnpacked>>30)
	case f.n > freeRatio && f.n/maxRatio > f.packed:
		return 0, fmt.Errorf("%s: %d bytes in the zip unpack to %d and more: that is no code system", f.name, f.packed, f.n)
	}
	return n, err
}
