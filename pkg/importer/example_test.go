package importer_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/importer"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// ExampleRun imports a small ICD-10, and then a file with a fault.
func ExampleRun() {
	data, err := os.MkdirTemp("", "importer")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(data)
	for _, file := range []string{"control.json", "date.json"} {
		in, err := importer.OpenInputs([]string{filepath.Join("..", "..", "testdata", "icd10", "bad", file)})
		if err != nil {
			panic(err)
		}
		sources, err := codesystem.Detect(in.List, codesystem.Options{Version: file[:4], Today: "2026-11-22"})
		if err != nil {
			panic(err)
		}
		m, err := importer.Run(context.Background(), sources[0], options(data))
		fmt.Println(m.Release.Name, m.Concepts, terminology.KindOf(err))
		if err != nil {
			fmt.Println(err)
		}
		in.Close()
	}
	// Output:
	// icd-10-no 5 failed
	//  0 invalid input
	// importer.Run: invalid input: 1 bad row of ICD-10 (norsk utgave); nothing was imported
	// date.json:6:Gyldig_fra: "1999-13-01T00:00:00" is not a date
}
