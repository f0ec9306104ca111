package table_test

import (
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/table"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestHelp: the example that users are shown is a mapping, with and without what it has
// as a comment.
func TestHelp(t *testing.T) {
	if err := parse(t, table.Help).Check(); err != nil {
		t.Error(err)
	}
	help, maps, ok := strings.Cut(table.Help, "# map:\n")
	if m := parse(t, "map:"+strings.ReplaceAll("\n"+maps, "\n# ", "\n")); !ok || !m.IsMap() {
		t.Fatal("no map in Help")
	}
	_, systems, ok := strings.Cut(help, "# systems:\n")
	if !ok {
		t.Fatal("no systems in Help")
	}
	m := parse(t, "systems:"+strings.ReplaceAll("\n"+strings.Split(systems, "\n\n")[0]+"\n", "\n# ", "\n")+"columns: {code: Kode, display: Tekst}\n")
	if err := m.Check(); err != nil || len(m.List()) != 2 || len(m.List()[1].Value) != 2 {
		t.Errorf("systems of Help: %v", err)
	}
}

// TestParse: errors tell the line, the key and what may stand there.
func TestParse(t *testing.T) {
	for name, tt := range map[string]struct{ yaml, want string }{
		"an unknown key": {"system: {uri: x}\ncolumns:\n  kode: Kode\n",
			"m.yaml:3:kode: there is no such key here: want one of abstract, axis, code, designations, display, ignore, parent, properties, replaced-by, sort-order, status, valid-from, valid-to"},
		"an unknown key in a list": {"columns:\n  properties:\n    - {column: A, nam: b}\n", "m.yaml:3:nam: there is no such key here: want one of column, name, separator, type"},
		"a text for keys":          {"columns:\n  parent: Over\n", "m.yaml:2: found the text `Over`, want keys: code, id, missing, prefix, row"},
		"a list for a text":        {"system:\n  uri: [a]\n", "m.yaml:2: found a list, want a text"},
		"keys for a name":          {"columns:\n  code: {a: b}\n", "m.yaml:2: want a text or a list of texts"},
		"a key twice":              {"system: {uri: a}\nsystem: {uri: b}\n", `m.yaml:2: mapping key "system" already defined at line 1`},
		"not YAML":                 {"system: {uri: a\n", "m.yaml:1: did not find expected ',' or '}'"},
		"nothing":                  {"# only this\n", "m.yaml: the mapping is empty: want system and columns, or map"},
		"two documents":            {"system: {uri: a}\n---\nsystem: {uri: b}\n", "m.yaml: want one document of YAML, found more after it"},
	} {
		_, err := table.Parse("m.yaml", []byte(tt.yaml))
		if err == nil || terminology.Message(err) != tt.want || terminology.KindOf(err) != terminology.Invalid {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
}

// TestCheck: a mapping that can be read and cannot be used.
func TestCheck(t *testing.T) {
	const columns = "columns: {code: A, display: B}\n"
	for name, tt := range map[string]struct{ yaml, want string }{
		"no URI":             {"system: {name: a}\n" + columns, "m.yaml:system.uri: want the URI of the code system, such as urn:oid:2.16.578.1.12.4.1.1.9999"},
		"not a URI":          {"system: {uri: lokal, name: a}\n" + columns, `m.yaml:system.uri: "lokal" is not a URI`},
		"a name as a path":   {"system: {uri: 'urn:a', name: ../a}\n" + columns, `m.yaml:system.name: "../a": want small letters, digits, '.' and '-', such as lokal-prosedyre`},
		"a version as one":   {"system: {uri: 'urn:a', name: a, version: a/b}\n" + columns, `m.yaml:system.version: "a/b": want letters, digits, '.', '-' and '_', such as 2026`},
		"no code":            {"system: {uri: 'urn:a', name: a}\n", "m.yaml:columns.code: want the column of the codes"},
		"no such use":        {"system: {uri: 'urn:a', name: a}\ncolumns: {code: A, display: B, designations: [{column: C, use: navn}]}\n", `m.yaml:columns.designations[0].use: "navn": want one of display, short, synonym, definition`},
		"no such type":       {"system: {uri: 'urn:a', name: a}\ncolumns: {code: A, display: B, properties: [{column: C, type: tall}]}\n", `m.yaml:columns.properties[0].type: "tall": want string, integer, decimal, boolean, date or code`},
		"two parents":        {"system: {uri: 'urn:a', name: a}\ncolumns: {code: A, display: B, parent: {code: C, prefix: [1]}}\n", "m.yaml:columns.parent: want one of code, row and prefix, found 2 of them"},
		"no number of rows":  {"system: {uri: 'urn:a', name: a}\ncolumns: {code: A, display: B, parent: {row: C}}\n", "m.yaml:columns.parent.id: want the column that numbers the rows"},
		"no such date":       {"system: {uri: 'urn:a', name: a}\nfile: {dates: ddmmyy}\n" + columns, `m.yaml:file.dates: "ddmmyy": want one of yyyy-mm-dd, dd.mm.yyyy, yyyymmdd, dd/mm/yyyy, mm/dd/yyyy, dd-mm-yyyy, yyyy/mm/dd, excel`},
		"status of nothing":  {"system: {uri: 'urn:a', name: a}\ncolumns: {code: A, display: B, status: {column: C}}\n", "m.yaml:columns.status.values: want the values that mean inactive"},
		"a map of nothing":   {"map: {url: 'urn:m', name: m, source: 'urn:a', target: 'urn:b'}\n", "m.yaml:map.columns.source: want the column of the source codes"},
		"a map without URL":  {"map: {columns: {source: A, target: B}}\n", `m.yaml:map.url: "": want the URL of the map, such as http://example.org/fhir/ConceptMap/lokal`},
		"a map to no system": {"map: {url: 'urn:m', name: m, source: 'urn:a', target: lokal, columns: {source: A, target: B}}\n", `m.yaml:map.target: "lokal": want the URI of the target code system, or a name of one that is known`},
		"a map and a system": {"system: {uri: 'urn:a', name: a}\nmap: {url: 'urn:m', name: m, source: 'urn:a', target: 'urn:b', columns: {source: A, target: B}}\n", "m.yaml:map: there is a system too: a table holds codes or a map"},
		"columns of codes":   {"columns: {code: A}\nmap: {url: 'urn:m', name: m, source: 'urn:a', target: 'urn:b', columns: {source: A, target: B}}\n", "m.yaml:columns: the columns of a map are in map.columns"},
		"words for nothing":  {"map: {url: 'urn:m', name: m, source: 'urn:a', target: 'urn:b', columns: {source: A, target: B, relationship: {values: {wider: [x]}}}}\n", `m.yaml:map.columns.relationship.values: "wider": want one of equivalent, source-is-narrower-than-target, source-is-broader-than-target, related-to, not-related-to`},
		"a value of nothing": {"map: {url: 'urn:m', name: m, source: 'urn:a', target: 'urn:b', columns: {source: A, target: B, depends-on: [{column: C}]}}\n", "m.yaml:map.columns.depends-on[0]: want column and property"},
		"system and systems": {"system: {uri: 'urn:a', name: a}\nsystems: {column: C, list: [{value: x, uri: 'urn:b', name: b}]}\n" + columns, "m.yaml:systems: there is a system too: give one of them"},
	} {
		m, err := table.Parse("m.yaml", []byte(tt.yaml))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := m.Check(); err == nil || terminology.Message(err) != tt.want || terminology.KindOf(err) != terminology.Invalid {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
}

// FuzzParse states what holds for every text: it is a mapping that can be checked, or
// the error is Invalid and names the file.
func FuzzParse(f *testing.F) {
	f.Add(table.Help)
	f.Add(several)
	f.Add("map: {url: 'urn:m', name: m, source: 'urn:a', target: 'urn:b', columns: {source: A, target: B, products: [{column: C, property: p}]}}")
	f.Add("a: &a [*a]")
	f.Add("system: {uri: [a]}\ncolumns: {code: {}}")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := table.Parse("m.yaml", []byte(text))
		if err == nil {
			err = m.Check()
		}
		if err != nil && (terminology.KindOf(err) != terminology.Invalid || !strings.Contains(err.Error(), "m.yaml")) {
			t.Fatal(err)
		}
	})
}
