package operation_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/internal/wiring"
	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/importer"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestExperimentalEdition imports the sample as an experimental edition: expressions are
// held to its concept model, and it is called what it is.
func TestExperimentalEdition(t *testing.T) {
	const edition = "http://snomed.info/xsct/51000202101/version/20250915"
	in, err := importer.OpenInputs([]string{filepath.Join("..", "..", "testdata", "snomed")})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	sources, err := codesystem.Detect(in.List, codesystem.Options{VersionURI: edition, Today: "2026-11-22"})
	if err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	for _, src := range sources {
		if _, err := importer.Run(t.Context(), src, wiring.ImportOptions(data, "test")); err != nil {
			t.Fatal(err)
		}
	}
	c, err := catalog.Open(data, wiring.Open, catalog.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	s := operation.New(c, operation.Options{})
	for _, tt := range []struct {
		code, text string
		want       bool
	}{
		{"22298006 : { 263502005 = 424124008 }", "", true},
		{"22298006 : 363698007 = 73211009", "breaks the concept model", false},
		{"22298007", "(Norwegian Edition, experimental)", false},
	} {
		resp, err := s.Validate(t.Context(), operation.ValidateRequest{Codings: []terminology.Coding{{System: sct, Version: edition, Code: tt.code}}})
		if err != nil || resp.Result != tt.want || !strings.Contains(resp.Message, tt.text) {
			t.Errorf("Validate %s: %+v, %v, want %v and %q", tt.code, resp, err, tt.want, tt.text)
		}
	}
}
