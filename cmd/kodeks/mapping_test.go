package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMapping imports a table that nobody knows by a mapping, and asks for it by every
// name that the mapping gives its code system.
func TestMapping(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	columns := "system: {uri: 'urn:oid:1.2.3', name: lokal, title: Lokale koder, short: [lok], aliases: [1.2.4, 'http://example.org/lok']}\n" +
		"columns:\n  code: Kode\n  display: Tekst\n  parent: {code: Over}\n  properties: [{column: Pris, name: price, type: decimal}]\n"
	mapping := write("columns.yaml", columns)
	file := write("codes.csv", "Kode;Tekst;Over;Pris\nL;Lokale m\xe5linger;;\nL1;M\xe5ling av puls;L;1 200,50\n")
	data := filepath.Join(dir, "data")

	if status, out, errs := kodeks("import", file, "--mapping", mapping, "--data", data, "--release-version", "2026"); status != exitAnswered || !strings.Contains(out, "Imported Lokale koder, 2026") {
		t.Fatalf("import: status %d, %q, %q", status, out, errs)
	}
	for _, name := range []string{"urn:oid:1.2.3", "1.2.3", "LOK", "lokal", "1.2.4", "urn:oid:1.2.4", "http://example.org/lok"} {
		status, out, errs := kodeks("lookup", "--system", name, "l1", "--data", data, "--format", "json")
		if status != exitAnswered || !strings.Contains(out, "urn:oid:1.2.3") || !strings.Contains(out, "Måling av puls") || !strings.Contains(out, "1200.50") {
			t.Errorf("lookup --system %s: status %d, %s%s", name, status, out, errs)
		}
		if status, out, _ := kodeks("verify", name, "--data", data); status != exitAnswered || !strings.Contains(out, "undamaged") {
			t.Errorf("verify %s: status %d, %s", name, status, out)
		}
	}
	if _, out, _ := kodeks("list", "--aliases", "--data", data, "--format", "tsv"); !strings.Contains(out, "lok 1.2.4 http://example.org/lok") {
		t.Errorf("list --aliases: %s", out)
	}

	wrong := write("wrong.yaml", strings.Replace(columns, "code: Kode\n", "kode: Kode\n", 1))
	for name, tt := range map[string]struct {
		args   []string
		status int
		want   string
	}{
		"a key that is not known": {[]string{"import", file, "--mapping", wrong}, exitUsage, "wrong.yaml:3:kode: there is no such key here"},
		"no such file":            {[]string{"import", file, "--mapping", mapping + "x"}, exitUsage, "columns.yamlx"},
		"another table":           {[]string{"import", mapping, "--mapping", mapping}, exitUsage, ""},
		"no path":                 {[]string{"import"}, exitUsage, "name a folder, a zip or a file"},
	} {
		if status, out, errs := kodeks(append(tt.args, "--data", data)...); status != tt.status || out != "" || !strings.Contains(errs, tt.want) {
			t.Errorf("%s: status %d, %q, %q, want %d and %q", name, status, out, errs, tt.status, tt.want)
		}
	}
}

// TestPrintMapping: what is printed is a mapping, as soon as its columns are those of a
// file.
func TestPrintMapping(t *testing.T) {
	status, out, _ := kodeks("import", "--print-mapping")
	if status != exitAnswered {
		t.Fatalf("status %d", status)
	}
	mapping := filepath.Join(t.TempDir(), "columns.yaml")
	if err := os.WriteFile(mapping, []byte(out), 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(filepath.Dir(mapping), "codes.csv")
	if err := os.WriteFile(file, []byte("A;B\n1;2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, errs := kodeks("import", file, "--mapping", mapping, "--data", filepath.Dir(mapping)); !strings.Contains(errs, `columns.code: column "Kode" or "Kodeverdi" is not in the file; its columns are A, B`) {
		t.Errorf("import by what is printed: %s", errs)
	}
}

// TestCombinedCodes imports procedure codes and asks for several of them in the place of
// one.
func TestCombinedCodes(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	file := filepath.Join("..", "..", "pkg", "codesystem", "nkpk", "testdata", "nkpk.csv")
	if status, out, errs := kodeks("import", file, "--system", "nkpk", "--data", data, "--release-version", "2026"); status != exitAnswered {
		t.Fatalf("import: status %d, %q, %q", status, out, errs)
	}
	for name, tt := range map[string]struct {
		args []string
		want string
	}{
		"as claims write it":     {[]string{"lookup", "-s", "nkpk", "nfb40///zxa00"}, "Sementert protese i hofte [Høyre side]"},
		"a part that is unknown": {[]string{"lookup", "-s", "nkpk", "NFB40///ZXA99"}, `"ZXA99" is not a code of`},
		"two procedures":         {[]string{"validate-code", "-s", "nkpk", "NFB40/NFB20"}, "false"},
		"one and an addition":    {[]string{"validate-code", "-s", "2.16.578.1.12.4.1.1.7275", "NFB40/ZXA00"}, "true"},
		"below its group":        {[]string{"subsumes", "-s", "nkpk", "NCSP NFB", "NFB40///ZXA00"}, "subsumes"},
	} {
		if status, out, errs := kodeks(append(tt.args, "--data", data)...); status != exitAnswered || !strings.Contains(out, tt.want) {
			t.Errorf("%s: status %d, %q, %q, want %q", name, status, out, errs, tt.want)
		}
	}
}
