package codesystem_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// sample makes an input of one file of the repository's testdata.
func sample(t *testing.T, name string) codesystem.Input {
	t.Helper()
	b, err := os.ReadFile("../../testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return codesystem.Input{Name: "testdata", FS: fstest.MapFS{name: &fstest.MapFile{Data: b}}}
}

// TestSample reads every file of the sample: no bad row, whole, as many rows as
// concepts and mappings need.
func TestSample(t *testing.T) {
	for file, releases := range map[string]string{
		"icd10/icd10-fat.json":               "icd-10-no",
		"icd10/icd10.csv":                    "icd-10-no",
		"icd10/icd10-without-dots.csv":       "icd-10-no",
		"icd10/icd10-without-dots.json":      "icd-10-no",
		"icd10/bad/control.json":             "icd-10-no",
		"icpc2/icpc2-fat.json":               "icpc-2 icpc-2b",
		"icpc2/icpc2-fat-underscore.json":    "icpc-2 icpc-2b",
		"icpc2/icpc2.csv":                    "icpc-2",
		"icpc2/icpc2-with-process-codes.csv": "icpc-2",
		"icpc2/icpc2b.csv":                   "icpc-2b",
		"icpc2/icpc2b-to-icd10.csv":          "map-icpc-2b-icd-10-no",
	} {
		t.Run(file, func(t *testing.T) {
			sources, err := codesystem.Detect([]codesystem.Input{sample(t, file)}, codesystem.Options{Today: today})
			if err != nil || names(sources) != releases {
				t.Fatalf("Detect = %q, %v, want %q", names(sources), err, releases)
			}
			for _, src := range sources {
				sink := tabulartest.NewSink()
				release, err := src.Read(context.Background(), sink)
				if err != nil || len(sink.BadRows) > 0 {
					t.Fatalf("%s: %v, bad rows %v", release.Name, err, sink.BadRows)
				}
				if err := sink.Whole(); err != nil {
					t.Errorf("%s: %v", release.Name, err)
				}
				if sink.Codes()+len(sink.Mappings) == 0 {
					t.Errorf("%s has no codes and no mappings", release.Name)
				}
				t.Logf("%s: %d codes, %d groups, %d mappings", release.Name, sink.Codes(), len(sink.Concepts)-sink.Codes(), len(sink.Mappings))
			}
		})
	}
}

// TestSampleFaults holds each faulty file to its error, from Detect or as a bad
// row.
func TestSampleFaults(t *testing.T) {
	for file, want := range map[string]string{
		"npr-value.json":       `Rapporteres_til_NPR: "Kanskje", want "Ja"`,
		"date.json":            "is not a date",
		"missing-code.json":    `Kode: "" is not an ICD-10 code`,
		"duplicate-code.json":  "is given twice",
		"truncated.json":       "truncated, fetch it again",
		"unknown-parent.json":  "Foreldrekode: the parent I29 of",
		"git-lfs-pointer.json": "run git lfs pull",
	} {
		t.Run(file, func(t *testing.T) {
			got := ""
			sources, err := codesystem.Detect([]codesystem.Input{sample(t, "icd10/bad/"+file)}, codesystem.Options{Today: today})
			if err != nil {
				got = terminology.Message(err)
			} else {
				sink := tabulartest.NewSink()
				if _, err := sources[0].Read(context.Background(), sink); err != nil || len(sink.BadRows) == 0 {
					t.Fatalf("Read: %v, %d bad rows", err, len(sink.BadRows))
				}
				got = sink.BadRows[0].Error()
				if row := sink.BadRows[0]; row.Line == 0 || row.File != "icd10/bad/"+file {
					t.Errorf("file %q line %d, want both", row.File, row.Line)
				}
			}
			if !strings.Contains(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}
