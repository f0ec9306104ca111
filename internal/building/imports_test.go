package building

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/kodeks/kodeks/"

// rule is what the plan says of one room.
type rule struct {
	room, says string
	may        []string
}

// rooms is the plan of the building, from the ground up: a room, what the plan says
// of it, and the rooms that it may import; no other of ours. "x/..." is x and
// everything below it. The first rule that covers a package is its rule.
var rooms = []rule{
	{"pkg/terminology", "the vocabulary imports nothing of ours", nil},
	{"pkg/hierarchy", "only terminology", []string{"pkg/terminology"}},
	{"pkg/language", "only terminology", []string{"pkg/terminology"}},
	{"pkg/language/norwegian", "words of Norwegian: only terminology and language", []string{"pkg/terminology", "pkg/language"}},
	{"pkg/store", "siblings never import each other: only terminology", []string{"pkg/terminology"}},
	{"pkg/search", "siblings never import each other: only terminology, language and hierarchy", []string{"pkg/terminology", "pkg/language/...", "pkg/hierarchy"}},
	{"pkg/valueset", "siblings never import each other: only terminology, language and hierarchy", []string{"pkg/terminology", "pkg/language", "pkg/hierarchy"}},
	{"pkg/conceptmap", "siblings never import each other: only terminology, language and hierarchy", []string{"pkg/terminology", "pkg/language/...", "pkg/hierarchy"}},
	{"pkg/codesystem/basic", "the provider knows the hierarchy, no code system", []string{"pkg/terminology", "pkg/language", "pkg/hierarchy"}},
	{"pkg/codesystem/tabular/...", "tables of rows, no code system", []string{"pkg/terminology"}},
	{"pkg/codesystem/markup", "XML of any publisher, no code system", []string{"pkg/terminology"}},
	{"pkg/codesystem/snomed", "below the list of code systems, and above its release files only in name", []string{"pkg/terminology", "pkg/language", "pkg/hierarchy", "pkg/codesystem/basic"}},
	{"pkg/codesystem/snomed/ecl", "expression constraints know identifiers, and the release that they are evaluated over", []string{"pkg/terminology", "pkg/language", "pkg/hierarchy", "pkg/codesystem/basic", "pkg/codesystem/snomed"}},
	{"pkg/codesystem/snomed/engine", "joins what a release of SNOMED CT can answer", []string{"pkg/terminology", "pkg/codesystem/basic", "pkg/codesystem/snomed", "pkg/codesystem/snomed/ecl", "pkg/codesystem/snomed/scg", "pkg/codesystem/snomed/mrcm"}},
	{"pkg/codesystem/snomed/rf2", "release files know identifiers", []string{"pkg/terminology", "pkg/codesystem/snomed"}},
	{"pkg/codesystem/snomed/scg", "expressions are compared in a release, and asked of constraints, which know nothing of them", []string{"pkg/terminology", "pkg/language", "pkg/hierarchy", "pkg/codesystem/basic", "pkg/codesystem/snomed", "pkg/codesystem/snomed/ecl"}},
	{"pkg/codesystem/snomed/mrcm", "the concept model judges expressions", []string{"pkg/terminology", "pkg/language", "pkg/hierarchy", "pkg/codesystem/basic", "pkg/codesystem/snomed", "pkg/codesystem/snomed/ecl", "pkg/codesystem/snomed/scg"}},
	{"pkg/codesystem", "the list knows every code system, and nothing of stores, maps or value sets", []string{"pkg/terminology", "pkg/codesystem/..."}},
	{"pkg/codesystem/combined", "codes joined of codes, no code system", []string{"pkg/terminology", "pkg/codesystem/basic"}},
	{"pkg/codesystem/table", "tables read by a mapping of their columns", []string{"pkg/terminology", "pkg/language", "pkg/codesystem/tabular/...", "pkg/codesystem/crossmap"}},
	{"pkg/codesystem/crossmap", "rows of maps, no code system", []string{"pkg/terminology", "pkg/codesystem/tabular/..."}},
	{"pkg/codesystem/resource/element", "the elements of FHIR, and nothing of ours", nil},
	{"pkg/codesystem/resource", "beside the other readers, and over the elements of FHIR", []string{"pkg/terminology", "pkg/language", "pkg/hierarchy", "pkg/codesystem/basic", "pkg/codesystem/tabular/...", "pkg/codesystem/markup", "pkg/codesystem/table", "pkg/codesystem/combined", "pkg/codesystem/crossmap", "pkg/codesystem/resource/element"}},
	{"pkg/codesystem/...", "below the list of code systems, beside the others", []string{"pkg/terminology", "pkg/language", "pkg/hierarchy", "pkg/codesystem/basic", "pkg/codesystem/tabular/...", "pkg/codesystem/markup", "pkg/codesystem/table", "pkg/codesystem/combined", "pkg/codesystem/crossmap"}},
	{"pkg/catalog", "over the list of code systems", []string{"pkg/terminology", "pkg/language", "pkg/codesystem/...", "pkg/valueset", "pkg/conceptmap"}},
	{"pkg/importer", "over catalog; everything that a release goes through", []string{"pkg/terminology", "pkg/catalog", "pkg/codesystem/...", "pkg/conceptmap"}},
	{"pkg/operation", "over catalog; everything that a client can ask", []string{"pkg/terminology", "pkg/language", "pkg/catalog", "pkg/codesystem/...", "pkg/valueset", "pkg/conceptmap"}},
	{"pkg/validate", "over operation", []string{"pkg/terminology", "pkg/language", "pkg/catalog", "pkg/operation"}},
	{"pkg/coverage", "over operation", []string{"pkg/terminology", "pkg/language", "pkg/catalog", "pkg/operation"}},
	{"pkg/fhir", "over operation; pure", []string{"pkg/terminology", "pkg/language", "pkg/operation", "pkg/codesystem/resource/element"}},
	{"pkg/server/rest", "transport only: over fhir and operation", []string{"pkg/terminology", "pkg/language", "pkg/operation", "pkg/fhir"}},
	{"pkg/server/grpc", "transport only: over operation", []string{"pkg/terminology", "pkg/language", "pkg/operation", "api/..."}},
	{"pkg/server/web", "transport only: over fhir and operation", []string{"pkg/terminology", "pkg/language", "pkg/operation", "pkg/fhir"}},
	{"internal/releasetest/...", "judges every reader, so it imports none", nil},
	{"internal/wiring", "joins store and search to what takes them as ports", []string{"pkg/terminology", "pkg/catalog", "pkg/codesystem/...", "pkg/conceptmap", "pkg/importer", "pkg/search", "pkg/store"}},
	{"internal/...", "tests and what they are made with", []string{"pkg/terminology"}},
	{"api/...", "generated", []string{"api/..."}},
	{"proto/...", "generates api", nil},
	{"scripts/...", "scripts import nothing of ours", nil},
	{"cmd/kodeks", "the binary", []string{"pkg/...", "api/...", "internal/wiring"}},
}

// walls are the libraries that are named in few rooms only.
var walls = []struct {
	library, says string
	in            []string
}{
	{"github.com/dgraph-io/", "Badger only in store", []string{"pkg/store"}},
	{"github.com/blevesearch/", "Bleve only in search", []string{"pkg/search"}},
	{"github.com/labstack/", "Echo only in server/rest", []string{"pkg/server/rest", "pkg/server/web"}},
	{"net/http", "HTTP only in server/rest; fhir names its statuses in the one table of error kinds, and httpscript is a client of tests", []string{"pkg/server/rest", "pkg/server/web", "pkg/fhir", "internal/httpscript"}},
	{"google.golang.org/grpc", "gRPC only in server/grpc and api", []string{"pkg/server/grpc", "api/..."}},
	{"google.golang.org/protobuf", "messages only at the door that speaks them", []string{"pkg/server/grpc", "api/...", "cmd/kodeks", "proto/..."}},
	{"github.com/alecthomas/kong", "the command line is one room", []string{"cmd/kodeks"}},
	{"github.com/schollz/progressbar", "a library package prints nothing", []string{"cmd/kodeks"}},
	{"github.com/xuri/excelize", "workbooks only in codesystem/tabular", []string{"pkg/codesystem/tabular"}},
	{"log", "a library package returns errors and never logs; log/slog comes from the caller", nil},
}

// programs are the folders that may be a package main.
var programs = []string{"cmd/...", "internal/samplegen", "proto/...", "scripts/..."}

// owed are the packages that still lack their doc.go; one that has it must leave.
var owed []string

// folder is a package as its files say it.
type folder struct {
	name    string
	doc     bool              // has a doc.go
	tests   bool              // has nothing but tests
	imports map[string]string // path to a file that has it
}

func TestImports(t *testing.T) {
	for dir, f := range read(t) {
		i := slices.IndexFunc(rooms, func(r rule) bool { return covers([]string{r.room}, dir) })
		if i < 0 {
			t.Errorf("%s has no rule: say in rooms what it may import", dir)
			continue
		}
		for imported, file := range f.imports {
			if ours, ok := strings.CutPrefix(imported, module); ok && !covers(rooms[i].may, ours) {
				t.Errorf("%s imports %s, but the plan says of %s: %s", file, ours, rooms[i].room, rooms[i].says)
			}
			if (imported == module+"pkg/store" || imported == module+"pkg/search") && dir != "internal/wiring" {
				t.Errorf("%s imports %s, which only internal/wiring may", file, imported)
			}
			for _, w := range walls {
				if (imported == w.library || strings.HasPrefix(imported, strings.TrimSuffix(w.library, "/")+"/") && w.library != "log") && !covers(w.in, dir) {
					t.Errorf("%s imports %s, but the plan says: %s", file, imported, w.says)
				}
			}
		}
	}
}

func TestPackages(t *testing.T) {
	for dir, f := range read(t) {
		if f.name == "main" && !covers(programs, dir) {
			t.Errorf("%s is a package main: programs are in %v", dir, programs)
		}
		if f.doc && covers(owed, dir) {
			t.Errorf("%s has a doc.go: take it out of owed", dir)
		}
		if !f.doc && !f.tests && !covers(owed, dir) && !covers([]string{"api/...", "proto/...", "scripts/..."}, dir) {
			t.Errorf("%s has no doc.go", dir)
		}
	}
}

// TestRules holds the rules to what they are for: they can say no.
func TestRules(t *testing.T) {
	for _, tt := range []struct {
		list []string
		dir  string
		want bool
	}{
		{[]string{"pkg/codesystem/..."}, "pkg/codesystem", true},
		{[]string{"pkg/codesystem/..."}, "pkg/codesystem/snomed/rf2", true},
		{[]string{"pkg/codesystem/..."}, "pkg/codesystems", false},
		{[]string{"pkg/store"}, "pkg/store/storetest", false},
		{nil, "pkg/terminology", false},
	} {
		if got := covers(tt.list, tt.dir); got != tt.want {
			t.Errorf("covers(%v, %s) = %v, want %v", tt.list, tt.dir, got, tt.want)
		}
	}
	if len(read(t)) < 20 {
		t.Error("fewer than 20 packages were read: this test looks in the wrong place")
	}
}

// covers reports whether a list of rooms has dir.
func covers(list []string, dir string) bool {
	return slices.ContainsFunc(list, func(room string) bool {
		parent, all := strings.CutSuffix(room, "/...")
		return dir == parent || all && strings.HasPrefix(dir, parent+"/")
	})
}

// read returns the packages of the module by their folders, without their tests.
func read(t *testing.T) map[string]*folder {
	t.Helper()
	root := filepath.Join("..", "..")
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		t.Fatal(err)
	}
	out := map[string]*folder{}
	err := filepath.WalkDir(root, func(file string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := e.Name()
		if e.IsDir() && file != root && (name[0] == '.' || name[0] == '_' || name == "testdata" || name == "node_modules" || name == "vendor") {
			return fs.SkipDir
		}
		if e.IsDir() || path.Ext(name) != ".go" {
			return nil
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		dir := path.Dir(rel)
		f := out[dir]
		if f == nil {
			f = &folder{imports: map[string]string{}, tests: true}
			out[dir] = f
		}
		if strings.HasSuffix(name, "_test.go") {
			return nil
		}
		f.tests = false
		f.doc = f.doc || name == "doc.go"
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		f.name = parsed.Name.Name
		for _, i := range parsed.Imports {
			f.imports[strings.Trim(i.Path.Value, `"`)] = rel
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
