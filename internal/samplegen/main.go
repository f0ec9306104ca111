package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	dir := flag.String("testdata", "testdata", "directory that holds source/ and receives the samples")
	flag.Parse()
	if err := run(*dir); err != nil {
		fmt.Fprintln(os.Stderr, "samplegen:", err)
		os.Exit(1)
	}
}

// run generates every sample and replaces the folders that hold them, so that
// a file that is no longer generated does not stay behind.
func run(testdata string) error {
	files, err := Generate(filepath.Join(testdata, "source"))
	if err != nil {
		return err
	}
	for _, folder := range generatedFolders {
		if err := os.RemoveAll(filepath.Join(testdata, folder)); err != nil {
			return err
		}
	}
	for _, f := range files {
		name := filepath.Join(testdata, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// generatedFolders are the folders of testdata that belong to this program.
var generatedFolders = []string{"snomed", "icd10", "icpc2", "rf2-bad"}

// A File is one generated file; Name is its path under testdata, with slashes.
type File struct {
	Name string
	Data []byte
}

// Generate returns every sample file that the tables in the folder source give.
func Generate(source string) ([]File, error) {
	tables, err := readTables(filepath.Join(source, "snomed"))
	if err != nil {
		return nil, err
	}
	edition, err := compile(tables)
	if err != nil {
		return nil, err
	}
	icd, err := readICD10(filepath.Join(source, "icd10", "codes.tsv"))
	if err != nil {
		return nil, err
	}
	icpc, err := readICPC2(filepath.Join(source, "icpc2", "codes.tsv"))
	if err != nil {
		return nil, err
	}
	files := edition.files()
	files = append(files, icd10Files(icd)...)
	files = append(files, icpc2Files(icpc)...)
	return append(files, faultyPackages()...), nil
}
