package rf2_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/rf2"
)

// TestSampleAsOneFolderAndAsTwo: the International and Norwegian sample say the
// same whether the folder that holds both is given, or each package by itself.
func TestSampleAsOneFolderAndAsTwo(t *testing.T) {
	root := filepath.Join("..", "..", "..", "..", "testdata", "snomed")
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	readAll := func(dirs ...string) []string {
		var packages []*rf2.Package
		for _, dir := range dirs {
			p, err := rf2.Detect(os.DirFS(dir), dir)
			if err != nil || p == nil {
				t.Fatalf("Detect(%s) = %v, %v", dir, p, err)
			}
			packages = append(packages, p)
		}
		s, err := rf2.NewSource(packages, rf2.Options{})
		if err != nil {
			t.Fatal(err)
		}
		r := newRecorder()
		release, err := s.Read(context.Background(), r)
		if err != nil || len(r.bad) > 0 || release.Edition != "http://snomed.info/sct/51000202101" {
			t.Fatalf("Read = %s, %v, bad rows %q", release.Edition, err, r.bad)
		}
		slices.Sort(r.said)
		return r.said
	}
	var dirs []string
	for _, e := range entries {
		dirs = append(dirs, filepath.Join(root, e.Name()))
	}
	if diff := cmp.Diff(readAll(root), readAll(dirs...)); diff != "" {
		t.Errorf("one folder and two packages differ (-one +two):\n%s", diff)
	}
}

// TestTwoReleasesInOneFolder: a component in both has one row that holds.
func TestTwoReleasesInOneFolder(t *testing.T) {
	both := fstest.MapFS{}
	for name, f := range tiny() {
		both["INT/"+name] = f
	}
	for name, f := range norwegian() {
		both["NO/"+name] = f
	}
	both["NO/Snapshot/Terminology/sct2_Description_Snapshot-en_NO1000202_20250215.txt"] = lines(headDescription,
		"37436014 20240115 0 "+norw+" 22298006 en "+syn+" newer_row "+ci)
	r, _ := read(t, rf2.Options{}, both)
	if got := r.with("designation 37436014"); len(got) != 1 || got[0] != "designation 37436014 of 22298006 inactive [en] use 900000000000013009 case 0: newer row" || len(r.bad) > 0 {
		t.Errorf("designation in both releases: %q, bad %q, want the newer row", got, r.bad)
	}
}
