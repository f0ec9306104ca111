package rf2_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/rf2"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestFullGivesTheSnapshot: a Full, its rows in any order, says at any date what
// the Snapshot of that date says.
func TestFullGivesTheSnapshot(t *testing.T) {
	for seed := range uint64(20) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		date := terminology.Date(20150131 + 10000*rnd.IntN(8))
		full, snapshot := histories(rnd, date)
		want, _ := read(t, rf2.Options{VersionURI: "http://snomed.info/sct/900000000000207008"}, snapshot)
		got, _ := read(t, rf2.Options{VersionURI: "http://snomed.info/sct/900000000000207008", Date: date}, full)
		slices.Sort(want.said)
		slices.Sort(got.said)
		if diff := cmp.Diff(want.said, got.said); diff != "" || len(got.bad) > 0 || len(want.bad) > 0 {
			t.Fatalf("seed %d, state of %s: bad %q %q (-snapshot +full):\n%s", seed, date, want.bad, got.bad, diff)
		}
	}
}

// histories returns a Full with a random history of concepts, descriptions and
// members, and the Snapshot of its state on a date.
func histories(rnd *rand.Rand, date terminology.Date) (full, snapshot fstest.MapFS) {
	files := []struct {
		name, header string
		row          func(i, year, active int) string
	}{
		{fileConcept, headConcept, func(i, year, active int) string {
			status := prim
			if rnd.IntN(2) == 0 {
				status = "900000000000073002"
			}
			return fmt.Sprintf("%s %d0131 %d %s %s", sctid(1000+i, 0), year, active, core, status)
		}},
		{fileDescription, headDescription, func(i, year, active int) string {
			return fmt.Sprintf("%s %d0131 %d %s %s en %s term_%d %s", sctid(1000+i, 1), year, active, core, sctid(1000, 0), syn, rnd.IntN(99), ci)
		}},
		{fileSimple, headMember, func(i, year, active int) string {
			return fmt.Sprintf("%s %d0131 %d %s 723264001 %s", uuid(i), year, active, core, sctid(1000+i, 0))
		}},
	}
	full, snapshot = fstest.MapFS{}, fstest.MapFS{}
	for _, f := range files {
		var all, state []string
		for i := range 30 {
			last, active := "", 1
			for year := 2010; year < 2025; year++ {
				if (i == 0 && year == 2010) || rnd.IntN(6) == 0 {
					row := f.row(i, year, active)
					all = append(all, row)
					if terminology.Date(year*10000+131) <= date {
						last = row
					}
					active = 1 - active
				}
			}
			if last != "" {
				state = append(state, last)
			}
		}
		rnd.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		full[strings.ReplaceAll(f.name, "Snapshot", "Full")] = lines(f.header, all...)
		snapshot[f.name] = lines(f.header, state...)
	}
	return full, snapshot
}

func TestSnapshotIsPreferredToFull(t *testing.T) {
	fsys := tiny()
	fsys[strings.ReplaceAll(fileConcept, "Snapshot", "Full")] = lines(headConcept, "138875005 20020131 1 "+core+" "+prim)
	r, _ := read(t, rf2.Options{}, fsys)
	if got := r.with("concept"); len(got) != 10 {
		t.Errorf("%d concepts, want the 10 of the Snapshot", len(got))
	}
}

func TestDateNeedsAFull(t *testing.T) {
	p, err := rf2.Detect(tiny(), "package")
	if err != nil {
		t.Fatal(err)
	}
	_, err = rf2.NewSource([]*rf2.Package{p}, rf2.Options{Date: 20150131})
	if want := "rf2.NewSource: invalid input: package: found only the Snapshot, want a Full for the state of 2015-01-31"; err == nil || err.Error() != want {
		t.Errorf("NewSource = %v, want %s", err, want)
	}
}

func TestRowTwiceInAFull(t *testing.T) {
	fsys := fstest.MapFS{}
	for name, f := range tiny() {
		fsys[strings.ReplaceAll(name, "Snapshot", "Full")] = f
	}
	row := uuid(8) + " 20170731 1 " + core + " 723264001 "
	fsys[strings.ReplaceAll(fileSimple, "Snapshot", "Full")] = lines(headMember, row+"74281007", row+"22298006")
	r, _ := read(t, rf2.Options{}, fsys)
	want := []string{"der2_Refset_SimpleFull_INT_20250101.txt:3:id: found " + uuid(8) + " a second time, first in line 2"}
	if diff := cmp.Diff(want, r.bad); diff != "" {
		t.Errorf("bad rows (-want +got):\n%s", diff)
	}
}
