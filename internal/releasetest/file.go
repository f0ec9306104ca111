package releasetest

import (
	"bufio"
	"os"
	"path/filepath"
	"strconv"
)

// rf2File is one tab-separated file that is being written. A row is built by a
// chain that starts with a field and ends with end; the first error stays.
type rf2File struct {
	path  string
	file  *os.File
	out   *bufio.Writer
	row   []byte
	rows  int
	bytes int64
	err   error
}

// createFile makes the file and its folders, and writes the header.
func createFile(path, header string) (*rf2File, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return nil, err
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	r := &rf2File{path: path, file: f, out: bufio.NewWriterSize(f, 64<<10), row: make([]byte, 0, 1024)}
	r.text(header).end()
	r.rows = 0
	return r, nil
}

func (f *rf2File) num(n uint64) *rf2File {
	f.row = append(strconv.AppendUint(f.row, n, 10), '\t')
	return f
}

func (f *rf2File) text(s string) *rf2File {
	f.row = append(append(f.row, s...), '\t')
	return f
}

func (f *rf2File) bytesField(b []byte) *rf2File {
	f.row = append(append(f.row, b...), '\t')
	return f
}

// state appends effectiveTime, active and moduleId.
func (f *rf2File) state(date uint32, active bool, module uint64) *rf2File {
	flag := uint64(0)
	if active {
		flag = 1
	}
	return f.num(uint64(date)).num(flag).num(module)
}

// member appends what every row of a reference set begins with.
func (f *rf2File) member(r *random, date uint32, active bool, module, refset, component uint64) *rf2File {
	f.row = append(r.appendUUID(f.row), '\t')
	return f.state(date, active, module).num(refset).num(component)
}

// end ends the row as RF2 does, with CR and LF.
func (f *rf2File) end() {
	f.row = append(f.row[:len(f.row)-1], '\r', '\n')
	if _, err := f.out.Write(f.row); err != nil && f.err == nil {
		f.err = err
	}
	f.bytes += int64(len(f.row))
	f.rows++
	f.row = f.row[:0]
}

// close flushes and closes, and returns the first error of all.
func (f *rf2File) close() error {
	if err := f.out.Flush(); err != nil && f.err == nil {
		f.err = err
	}
	if err := f.file.Close(); err != nil && f.err == nil {
		f.err = err
	}
	return f.err
}
