package operation_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/internal/wiring"
	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// lettersMap is a map with one row from the code a1 of urn:a, or of the code system that is
// named by another letter.
func lettersMap(from, to, source, target string) imported {
	return imported{from + to + ".csv", "map: {url: 'urn:" + from + to + "', name: map-" + from + to + ", title: " + from + " to " + to + ", source: 'urn:" + from + "', target: 'urn:" + to + "', columns: {source: Fra, target: Til}}",
		"Fra;Til\n" + source + ";" + target + "\n"}
}

// damage overwrites the tables of a release, so that it is found out when it is opened.
func damage(t *testing.T, data, name, version string) {
	t.Helper()
	c, err := catalog.Open(data, wiring.OpenLater, catalog.Options{Later: wiring.Readable})
	if err != nil {
		t.Fatal(err)
	}
	snap := c.Acquire()
	n := slices.IndexFunc(snap.Releases, func(r *catalog.Installed) bool { return r.Release.Name == name && r.Release.Version == version })
	if n < 0 {
		t.Fatalf("no release %s %s", name, version)
	}
	dir := snap.Releases[n].Dir
	snap.LetGo()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(filepath.Join(dir, catalog.TablesDir), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		return os.WriteFile(path, make([]byte, info.Size()), 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestDamagedMaps: a map that cannot be opened is told of wherever it would have taken part,
// and one of an earlier version stands in its place from the first request on.
func TestDamagedMaps(t *testing.T) {
	const note = "map a to b is damaged and did not take part: "
	translate := func(url, code, target string) operation.TranslateRequest {
		return operation.TranslateRequest{URL: url, Coding: terminology.Coding{System: "urn:" + code[:1], Code: code}, Target: "urn:" + target}
	}
	folders := map[bool]string{}
	for _, earlier := range []bool{false, true} {
		data := t.TempDir()
		for _, m := range []imported{lettersMap("b", "c", "b1", "c1"), lettersMap("d", "a", "d1", "a1"), lettersMap("b", "e", "b1", "e1"), lettersMap("a", "b", "a1", "b1")} {
			importFile(t, data, m, "2026")
		}
		if earlier {
			importFile(t, data, lettersMap("a", "b", "a1", "b1"), "2025")
		}
		damage(t, data, "map-ab", "2026")
		folders[earlier] = data
	}
	for _, tt := range []struct {
		name    string
		earlier bool // an earlier version of the damaged map is there
		req     operation.TranslateRequest
		want    []string
		told    bool
		kind    terminology.Kind // of the error; 0: none
	}{
		{name: "direct", req: translate("", "a1", "b"), told: true},
		{name: "direct, with an earlier version", earlier: true, req: translate("", "a1", "b"), want: []string{"b1 related-to applies"}, told: true},
		{name: "by its url", req: translate("urn:ab", "a1", "b"), kind: terminology.Corrupt},
		{name: "by its url and version", earlier: true, req: translate("urn:ab|2026", "a1", "b"), kind: terminology.Corrupt},
		{name: "by its url, with an earlier version", earlier: true, req: translate("urn:ab", "a1", "b"), want: []string{"b1 related-to applies"}, told: true},
		{name: "the earlier version by its url", earlier: true, req: translate("urn:ab|2025", "a1", "b"), want: []string{"b1 related-to applies"}},
		{name: "at the start of a chain", req: translate("", "a1", "c"), told: true},
		{name: "at the start of a chain, with an earlier version", earlier: true, req: translate("", "a1", "c"), want: []string{"c1 related-to applies > b1 > c1"}, told: true},
		{name: "at the end of a chain that is read backwards", earlier: true, req: translate("", "c1", "a"), want: []string{"a1 related-to applies > b1 > a1"}, told: true},
		{name: "in the middle of a chain", earlier: true, req: translate("", "d1", "c"), want: []string{"c1 related-to applies > a1 > b1 > c1"}, told: true},
		{name: "a map that is whole", req: translate("", "b1", "e"), want: []string{"e1 related-to applies"}},
		{name: "by the url of one that is whole", req: translate("urn:bc", "b1", "c"), want: []string{"c1 related-to applies"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := catalog.Open(folders[tt.earlier], wiring.OpenLater, catalog.Options{Later: wiring.Readable})
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			s := operation.New(c, operation.Options{})
			for round := range 3 { // first nobody knows of the damage
				resp, err := s.Translate(t.Context(), tt.req)
				if tt.kind != 0 {
					if terminology.KindOf(err) != tt.kind || !strings.Contains(err.Error(), "map a to b is damaged") {
						t.Errorf("round %d: %v, want kind %v and which map", round, err, tt.kind)
					}
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(tt.want, matches(resp)); diff != "" {
					t.Errorf("round %d (-want +got):\n%s", round, diff)
				}
				told := 0
				for _, n := range resp.Notes {
					if strings.HasPrefix(n, note) && len(n) > len(note) {
						told++
					}
				}
				if (told == 1) != tt.told || told > 1 {
					t.Errorf("round %d: notes %q, want one of the damage: %v", round, resp.Notes, tt.told)
				}
			}
		})
	}
}
