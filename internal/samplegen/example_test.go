package main

import (
	"fmt"
	"path"
	"path/filepath"
)

func ExampleGenerate() {
	files, err := Generate(filepath.Join("../../testdata", "source"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range files[:3] {
		fmt.Println(path.Base(f.Name))
	}

	_, err = Generate("no such folder")
	fmt.Println(err)
	// Output:
	// sct2_Concept_Snapshot_INT_20250901.txt
	// sct2_Description_Snapshot-en_INT_20250901.txt
	// sct2_TextDefinition_Snapshot-en_INT_20250901.txt
	// no such folder/snomed: no concepts
}
