package main

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/conceptmap"
	"github.com/kodeks/kodeks/pkg/store"
	"github.com/kodeks/kodeks/pkg/terminology"
)

const (
	samplePackages = "../../testdata/snomed"
	sampleDate     = "20250915"
	laterDate      = "20251015"
	norwegian      = "http://snomed.info/sct/51000202101"
)

// laterRows are the rows of the sample's Norwegian part that change in a later
// version of it: the module dependencies, a term, and maps that end.
func laterRows(file, row string) (string, bool) {
	cells := strings.Split(row, "\t")
	switch {
	case strings.Contains(file, "ModuleDependency"):
		cells[6] = laterDate
	case strings.Contains(file, "sct2_Description_") && strings.Contains(row, "\thjerteinfarkt\t"):
		cells[7] = "infarkt i hjertet, endret"
	case strings.Contains(file, "ExtendedMap"):
		cells[2] = "0"
	default:
		return "", false
	}
	cells[1] = laterDate
	return strings.Join(cells, "\t"), true
}

// sampleForms writes the sample as a Full with two versions, as the Snapshot of the
// later one and as the Delta between them, and returns the folders.
func sampleForms(t *testing.T) (full, later, delta string) {
	t.Helper()
	dir := t.TempDir()
	full, later, delta = filepath.Join(dir, "full"), filepath.Join(dir, "later"), filepath.Join(dir, "delta")
	changed := 0
	err := filepath.WalkDir(samplePackages, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || filepath.Ext(path) != ".txt" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(samplePackages, path)
		if err != nil {
			return err
		}
		lines := strings.Split(strings.TrimSuffix(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n"), "\n")
		inDelta, same := lines[:1:1], lines[:1:1]
		for _, row := range lines[1:] {
			if next, ok := laterRows(name, row); ok && strings.Contains(name, "NO1000202") {
				inDelta = append(inDelta, next)
				changed++
			} else {
				same = append(same, row)
			}
		}
		inFull, inLater := slices.Concat(lines, inDelta[1:]), slices.Concat(same, inDelta[1:])
		write := func(dir, form string, lines []string) {
			path := filepath.Join(dir, strings.ReplaceAll(strings.ReplaceAll(name, "Snapshot", form), sampleDate, laterDate))
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		write(full, "Full", inFull)
		write(later, "Snapshot", inLater)
		if strings.Contains(name, "NO1000202") {
			write(delta, "Delta", inDelta)
		}
		return nil
	})
	if err != nil || changed < 5 {
		t.Fatalf("writing the sample in other forms: %v, %d rows changed", err, changed)
	}
	return full, later, delta
}

// contents returns what an installed release is, its counts, and hashes of its tables: of
// the bytes of columns and rows, and of maps of what their rows say but where they are
// from, which is another file.
func contents(t *testing.T, data, date string) map[string]any {
	t.Helper()
	dir := catalog.Dir(data, terminology.Release{Name: "snomed-51000202101", Date: date})
	m, err := catalog.ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]any{"release": m.Release, "concepts": m.Concepts, "active": m.Active, "terms": m.Terms, "columns": m.Columns}
	tables, err := store.Open(filepath.Join(dir, catalog.TablesDir))
	if err != nil {
		t.Fatal(err)
	}
	defer tables.Close()
	for table := range 256 {
		if strings.ContainsRune(string([]rune{conceptmap.TableForward, conceptmap.TableReverse, conceptmap.TableTexts}), rune(table)) {
			continue
		}
		h, rows := sha256.New(), 0
		for kv, err := range tables.Rows(byte(table), nil) {
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(h, "%d %s%d %s", len(kv.Key), kv.Key, len(kv.Value), kv.Value)
			rows++
		}
		if rows > 0 {
			found[fmt.Sprintf("table %c", table)] = fmt.Sprintf("%d rows %x", rows, h.Sum(nil))
		}
	}
	maps := conceptmap.Open(tables, m.Release)
	for _, info := range maps.Maps() {
		h := sha256.New()
		for rows, err := range maps.All(info.ID) {
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range rows {
				row.File, row.Line = "", 0
				fmt.Fprintf(h, "%+v\n", row)
			}
		}
		found["map "+info.ID] = fmt.Sprintf("%x", h.Sum(nil))
	}
	if len(found) < 9 {
		t.Fatalf("%s %s has no tables", data, date)
	}
	return found
}

// TestVersions: every version of a Full is installed by one command, with the contents
// of its Snapshot, and a Snapshot with a Delta is the Snapshot after it.
func TestVersions(t *testing.T) {
	full, later, delta := sampleForms(t)
	snapshots, fulls, changed, chosen := t.TempDir(), t.TempDir(), t.TempDir(), t.TempDir()
	runs(t, "import", "--data", snapshots, samplePackages)
	runs(t, "import", "--data", snapshots, later)
	runs(t, "import", "--data", fulls, full)
	if out := runs(t, "import", "--data", fulls, full, "--versions", "all", "--format", "tsv"); strings.Count(out, "\nsnomed-") != 1 {
		t.Errorf("all versions, of which the latest is installed: %s, want the other", out)
	}
	runs(t, "import", "--data", changed, delta, samplePackages)
	runs(t, "import", "--data", chosen, full, "--version-uri", norwegian+"/version/"+sampleDate)
	for name, got := range map[string]map[string]any{
		"the earlier version of the Full": contents(t, fulls, sampleDate),
		"one version of the Full":         contents(t, chosen, sampleDate),
	} {
		if diff := cmp.Diff(contents(t, snapshots, sampleDate), got); diff != "" {
			t.Errorf("%s (-Snapshot +got):\n%s", name, diff)
		}
	}
	for name, got := range map[string]map[string]any{
		"the later version of the Full": contents(t, fulls, laterDate),
		"the Snapshot with the Delta":   contents(t, changed, laterDate),
	} {
		if diff := cmp.Diff(contents(t, snapshots, laterDate), got); diff != "" {
			t.Errorf("%s (-Snapshot +got):\n%s", name, diff)
		}
	}
	earlier, after := contents(t, snapshots, sampleDate), contents(t, snapshots, laterDate)
	if delete(earlier, "release"); cmp.Equal(earlier, after, cmpopts.IgnoreMapEntries(func(key string, _ any) bool { return key == "release" })) {
		t.Error("the two versions do not differ: the test shows nothing")
	}
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{delta}, "give the Snapshot or Full of the version before in the same import command: kodeks import SNAPSHOT DELTA"},
		{[]string{later, delta}, "found a Delta of 20251015, want a date after that of what it changes, which is 20251015 already"},
		{[]string{full, "--versions", "20250101"}, "found no version 20250101 of SNOMED CT Norwegian Edition; its versions are 20250915, 20251015"},
		{[]string{full, "--versions", "yesterday"}, "want all, latest, or dates as yyyymmdd"},
	} {
		if status, _, stderr := kodeks(append([]string{"import", "--data", changed}, tt.args...)...); status != exitUsage || !strings.Contains(stderr, tt.want) {
			t.Errorf("kodeks import %q: status %d, %s, want %q", tt.args, status, stderr, tt.want)
		}
	}

	defaultEdition(t, fulls)
}

// defaultEdition asks a folder with two versions for a code by each form in which an
// edition can be named.
func defaultEdition(t *testing.T, data string) {
	for _, tt := range []struct {
		args         []string
		status       int
		want, stderr string
	}{
		{nil, exitAnswered, laterDate, ""},
		{[]string{"--version", norwegian}, exitAnswered, laterDate, ""},
		{[]string{"--version", norwegian + "/version/" + sampleDate}, exitAnswered, sampleDate, ""},
		{[]string{"--default-edition", norwegian + "/version/" + sampleDate}, exitAnswered, sampleDate, ""},
		{[]string{"--default-edition", "51000202101"}, exitAnswered, laterDate, ""},
		{[]string{"--default-edition", norwegian + "/version/" + sampleDate, "--version", norwegian + "/version/" + laterDate}, exitAnswered, laterDate, ""},
		{[]string{"--default-edition", "http://snomed.info/sct/731000124108"}, exitAnswered, laterDate, "kodeks: warning: --default-edition: version http://snomed.info/sct/731000124108 of code system http://snomed.info/sct is not installed"},
		{[]string{"--version", "http://snomed.info/xsct/51000202101"}, exitFailed, "", "is not installed; installed: http://snomed.info/sct/51000202101/version/20251015"},
		{[]string{"--default-edition", "norway"}, exitUsage, "", "--default-edition norway is no edition of SNOMED CT"},
		{[]string{"--default-edition", "51000202102"}, exitUsage, "", "is no edition of SNOMED CT"},
	} {
		status, stdout, stderr := kodeks(append([]string{"lookup", "22298006", "--data", data, "--format", "json"}, tt.args...)...)
		if status != tt.status || !strings.Contains(stdout, tt.want) || !strings.Contains(stderr, tt.stderr) || tt.stderr == "" && stderr != "" {
			t.Errorf("kodeks lookup %q: status %d, %.300s, %s, want %d, %q, %q", tt.args, status, stdout, stderr, tt.status, tt.want, tt.stderr)
		}
	}
	t.Setenv("KODEKS_DEFAULT_EDITION", norwegian+"/version/"+sampleDate)
	if _, stdout, _ := kodeks("lookup", "22298006", "--data", data, "--format", "json"); !strings.Contains(stdout, sampleDate) {
		t.Errorf("KODEKS_DEFAULT_EDITION: %.300s, want %s", stdout, sampleDate)
	}
	web, _ := served(t, data)
	for query, want := range map[string]string{"": sampleDate, "&version=" + norwegian + "/version/" + laterDate: laterDate} {
		status, body, err := fetch("http://" + web + "/fhir/CodeSystem/$lookup?system=http://snomed.info/sct&code=22298006" + query)
		if status != http.StatusOK || !strings.Contains(body, "/version/"+want) {
			t.Errorf("served by KODEKS_DEFAULT_EDITION, %q: %d, %v, %.300s, want %s", query, status, err, body, want)
		}
	}
}

// TestServeDefaultEdition: a default edition that is not installed is told when the
// server starts, since it may come later.
func TestServeDefaultEdition(t *testing.T) {
	cmd := command(t, "serve", "--data", t.TempDir(), "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0", "--default-edition", norwegian)
	var stderr written
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	const want = `level=WARN msg="the default edition is not installed" err="--default-edition: code system http://snomed.info/sct is not installed; installed: nothing`
	for deadline := time.Now().Add(10 * time.Second); !strings.Contains(stderr.String(), want); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("kodeks serve: %s, want %s", stderr.String(), want)
		}
	}
	_ = cmd.Process.Kill() // by then it serves
	_ = cmd.Wait()
}
