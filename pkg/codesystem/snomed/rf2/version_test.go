package rf2_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/rf2"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// historyRow is one row of one file of one package, with what decides when it holds.
type historyRow struct {
	norwegian bool
	file      string
	id        string
	date      terminology.Date
	text      string
}

// past is the history of a Norwegian and an International release.
type past struct {
	rows    []historyRow
	headers map[string]string
	no, int []terminology.Date                    // versions
	on      map[terminology.Date]terminology.Date // the International version of each Norwegian one
}

// newPast makes up a history: concepts, descriptions and members that change, come,
// go, and move from the Norwegian module to the International one.
func newPast(rnd *rand.Rand) past {
	p := past{on: map[terminology.Date]terminology.Date{},
		headers: map[string]string{fileConcept: headConcept, fileDescription: headDescription, fileSimple: headMember, fileDependency: headDependency},
		int:     []terminology.Date{20240101, 20240201, 20240301, 20240401, 20240501},
		no:      []terminology.Date{20240115, 20240215, 20240415, 20240515}}
	for i, on := range []int{0, 0, 2, 3} { // never the newest that there was
		p.on[p.no[i]] = p.int[on]
	}
	add := func(norwegian bool, file, id string, date terminology.Date, rest string) {
		p.rows = append(p.rows, historyRow{norwegian, file, id, date, id + " " + date.Compact() + " " + rest})
	}
	for _, d := range p.int {
		add(false, fileConcept, sctid(999+int(d), 0), d, "1 "+model+" "+prim)
		add(false, fileDependency, uuid(1), d, fmt.Sprintf("1 %s 900000000000534007 %s %s %s", core, model, d.Compact(), d.Compact()))
	}
	for _, d := range p.no {
		for i, needs := range []string{core, model} {
			add(true, fileDependency, uuid(2+i), d, fmt.Sprintf("1 %s 900000000000534007 %s %s %s", norw, needs, d.Compact(), p.on[d].Compact()))
		}
	}
	for i := range 60 {
		norwegian, active := i%2 == 1, 1
		for _, d := range slices.Sorted(slices.Values(slices.Concat(p.int, p.no))) {
			norwegianDay := slices.Contains(p.no, d)
			if norwegian && i%5 == 0 && !norwegianDay && d > p.int[1] {
				norwegian = false // the component moves
			}
			if norwegian != norwegianDay || i > 1 && rnd.IntN(3) > 0 {
				continue
			}
			module := core
			if norwegian {
				module = norw
			}
			kind := i / 2 % 3
			switch {
			case i < 2 || kind == 0:
				add(norwegian, fileConcept, sctid(1000+i, 0), d, fmt.Sprintf("%d %s %s", active, module, prim))
			case kind == 1:
				add(norwegian, fileDescription, sctid(1000+i, 1), d, fmt.Sprintf("%d %s %s en %s term_%d %s", active, module, sctid(1000, 0), syn, rnd.IntN(99), ci))
			default:
				add(norwegian, fileSimple, uuid(100+i), d, fmt.Sprintf("%d %s 723264001 %s", active, module, sctid(1000, 0)))
			}
			if i > 1 {
				active = 1 - active
			}
		}
	}
	rnd.Shuffle(len(p.rows), func(i, j int) { p.rows[i], p.rows[j] = p.rows[j], p.rows[i] })
	return p
}

// pack writes the rows of one of the two releases from after a date up to another
// as a package of a form.
func (p past) pack(norwegian bool, form rf2.Form, after, to terminology.Date) fstest.MapFS {
	fsys := fstest.MapFS{}
	for file, header := range p.headers {
		state := map[string]historyRow{}
		var rows []string
		for _, r := range p.rows {
			if r.file != file || r.norwegian != norwegian || r.date <= after || r.date > to {
				continue
			}
			if form == rf2.Full {
				rows = append(rows, r.text)
			} else if r.date > state[r.id].date {
				state[r.id] = r
			}
		}
		for _, r := range state {
			rows = append(rows, r.text)
		}
		name := strings.ReplaceAll(strings.ReplaceAll(file, "Snapshot", form.String()), "20250101", to.Compact())
		if norwegian {
			name = strings.ReplaceAll(name, "INT", "NO1000202")
		}
		fsys[name] = lines(header, rows...)
	}
	return fsys
}

// said returns what a source says, sorted: files have no order.
func said(t *testing.T, s *rf2.Source) []string {
	t.Helper()
	r := newRecorder()
	release, err := s.Read(context.Background(), r)
	if err != nil || len(r.bad) > 0 {
		t.Fatalf("Read of %s: %v, bad rows %q", release.Version, err, r.bad)
	}
	slices.Sort(r.said)
	return append(r.said, fmt.Sprintf("%+v", release))
}

// TestFullGivesEveryVersion: a Full at each of its versions says what the Snapshots
// of that version say, of the International release the version that the Norwegian
// one was built on, though the Full has later rows.
func TestFullGivesEveryVersion(t *testing.T) {
	for seed := range uint64(10) {
		p := newPast(rand.New(rand.NewPCG(seed, 2)))
		both := []fstest.MapFS{p.pack(false, rf2.Full, 0, 20991231), p.pack(true, rf2.Full, 0, 20991231)}
		latest := source(t, rf2.Options{}, both...)
		if got := latest.Edition().Date; got != 20240515 {
			t.Fatalf("the Full is of %s, want its latest version", got)
		}
		versions, err := latest.Versions()
		if diff := cmp.Diff(p.no, versions); diff != "" || err != nil {
			t.Fatalf("Versions (-want +got), %v:\n%s", err, diff)
		}
		for _, version := range versions {
			s, err := latest.At(version)
			if err != nil {
				t.Fatal(err)
			}
			want := said(t, source(t, rf2.Options{}, p.pack(false, rf2.Snapshot, 0, p.on[version]), p.pack(true, rf2.Snapshot, 0, version)))
			if diff := cmp.Diff(want, said(t, s)); diff != "" {
				t.Fatalf("seed %d, version %s (-Snapshot +Full):\n%s", seed, version, diff)
			}
			asked := source(t, rf2.Options{VersionURI: s.Edition().String()}, both...)
			if diff := cmp.Diff(want, said(t, asked)); diff != "" {
				t.Fatalf("seed %d, version URI %s (-Snapshot +Full):\n%s", seed, s.Edition(), diff)
			}
		}
	}
}

// TestDeltaOnItsBase: a Snapshot or Full with the Deltas after it says what the
// Snapshot of the last says.
func TestDeltaOnItsBase(t *testing.T) {
	for seed := range uint64(10) {
		p := newPast(rand.New(rand.NewPCG(seed, 3)))
		const first, second, third = 20240215, 20240415, 20240515
		want := said(t, source(t, rf2.Options{}, p.pack(false, rf2.Snapshot, 0, p.on[third]), p.pack(true, rf2.Snapshot, 0, third)))
		one := []fstest.MapFS{p.pack(false, rf2.Delta, p.on[first], p.on[third]), p.pack(true, rf2.Delta, first, third)}
		two := []fstest.MapFS{p.pack(true, rf2.Delta, second, third), p.pack(false, rf2.Delta, p.on[second], p.on[third]),
			p.pack(false, rf2.Delta, p.on[first], p.on[second]), p.pack(true, rf2.Delta, first, second)}
		folder := joined(p.pack(true, rf2.Snapshot, 0, first), one[1]) // all that was downloaded
		base := p.pack(false, rf2.Snapshot, 0, p.on[first])
		for name, packages := range map[string][]fstest.MapFS{
			"Snapshot and Deltas":        append([]fstest.MapFS{base, p.pack(true, rf2.Snapshot, 0, first)}, one...),
			"Deltas first":               append(slices.Clone(one), base, p.pack(true, rf2.Snapshot, 0, first)),
			"two Deltas of each":         append([]fstest.MapFS{base, p.pack(true, rf2.Snapshot, 0, first)}, two...),
			"Full and Deltas":            append([]fstest.MapFS{p.pack(false, rf2.Full, 0, p.on[first]), p.pack(true, rf2.Full, 0, first)}, one...),
			"Snapshot, Full and Deltas":  append([]fstest.MapFS{base, p.pack(true, rf2.Full, 0, first)}, one...),
			"Snapshot and Delta, folder": {base, one[0], folder},
		} {
			if diff := cmp.Diff(want, said(t, source(t, rf2.Options{}, packages...))); diff != "" {
				t.Fatalf("seed %d, %s (-want +got):\n%s", seed, name, diff)
			}
		}
	}
}

// TestDeltaRowOfTheSameDay: a row of a Delta stands for that of its base.
func TestDeltaRowOfTheSameDay(t *testing.T) {
	delta := fstest.MapFS{strings.ReplaceAll(strings.ReplaceAll(fileConcept, "Snapshot", "Delta"), "20250101", "20250201"): lines(headConcept,
		"22298006 20020131 0 "+core+" "+prim, "80891009 20250201 1 "+core+" "+prim)}
	full := fstest.MapFS{}
	for name, f := range tiny() {
		full[strings.ReplaceAll(name, "Snapshot", "Full")] = f
	}
	for name, packages := range map[string][]fstest.MapFS{
		"Snapshot first": {tiny(), delta}, "Delta first": {delta, tiny()}, "Full first": {full, delta}, "before a Full": {delta, full},
	} {
		r, _ := read(t, rf2.Options{}, packages...)
		if got := r.with("concept 22298006", "concept 80891009"); len(got) != 2 || !strings.Contains(strings.Join(got, " "), "2002-01-31 inactive") {
			t.Errorf("%s: %q, want the rows of the Delta", name, got)
		}
	}
}

// TestPackagesThatDoNotFit pins what a person reads who gives packages that do not
// belong together, and what to do.
func TestPackagesThatDoNotFit(t *testing.T) {
	p := newPast(rand.New(rand.NewPCG(1, 4)))
	const first, second, third = 20240115, 20240215, 20240415
	intAt := func(d terminology.Date) fstest.MapFS { return p.pack(false, rf2.Snapshot, 0, d) }
	noAt := func(d terminology.Date) fstest.MapFS { return p.pack(true, rf2.Snapshot, 0, d) }
	gap := p.pack(true, rf2.Delta, second, third)
	gap["release_package_information.json"] = &fstest.MapFile{Data: []byte(`{"deltaFromDate": "20240215", "deltaToDate": "20240415"}`)}
	ends := p.pack(true, rf2.Delta, first, third)
	ends["release_package_information.json"] = &fstest.MapFile{Data: []byte(`{"deltaFromDate": "20240115"}`)}
	const norway = "http://snomed.info/sct/" + norw
	tests := []struct {
		name     string
		o        rf2.Options
		packages []fstest.MapFS
		want     string // is part of the error; "": none
	}{
		{name: "only a Delta", packages: []fstest.MapFS{p.pack(true, rf2.Delta, first, second)},
			want: "package-1: found only Delta files (der2_Refset_SimpleDelta_NO1000202_20240215.txt), want what they change too: give the Snapshot or Full of the version before in the same import command: kodeks import SNAPSHOT DELTA"},
		{name: "a Delta on another edition", packages: []fstest.MapFS{intAt(20240101), p.pack(true, rf2.Delta, first, second)},
			want: "package-2: found a Delta of module 51000202101, of which package-1 has nothing: give it together with the Snapshot or Full that it changes"},
		{name: "a Delta of the same date", packages: []fstest.MapFS{intAt(20240101), noAt(second), p.pack(true, rf2.Delta, first, second)},
			want: "package-3: found a Delta of 20240215, want a date after that of what it changes, which is 20240215 already (package-1, package-2): leave the Delta out, or give a later one"},
		{name: "a Delta of an earlier date", packages: []fstest.MapFS{noAt(third), intAt(20240301), p.pack(true, rf2.Delta, first, second)},
			want: "found a Delta of 20240215, want a date after that of what it changes, which is 20240415 already"},
		{name: "a Delta that leaves a gap", packages: []fstest.MapFS{intAt(20240101), noAt(first), gap},
			want: "package-3: found a Delta that begins after the release of 20240215, on one of 20240115 (package-1, package-2): give the Deltas between them too, or a later Snapshot"},
		{name: "a Delta that begins where its base ends", packages: []fstest.MapFS{intAt(20240301), noAt(first), ends}},
		{name: "two Deltas without a gap", packages: []fstest.MapFS{intAt(20240301), gap, noAt(first), p.pack(true, rf2.Delta, first, second)}},
		{name: "a Delta that needs a later base", packages: []fstest.MapFS{intAt(20240101), noAt(first), ends},
			want: "rf2.Read: invalid input: found package-1, package-2, package-3 (module 51000202101, version 20240415), not the version of its base that it needs: " +
				"it needs module 900000000000207008 (SNOMED CT International Edition) of 20240301, found 20240101: give the version that is needed in the place of the other"},
		{name: "a base that is later", packages: []fstest.MapFS{intAt(20240301), noAt(first)},
			want: "it needs module 900000000000207008 (SNOMED CT International Edition) of 20240101, found 20240301"},
		{name: "a Full of a base that is earlier", packages: []fstest.MapFS{p.pack(false, rf2.Full, 0, 20240201), noAt(third)},
			want: "it needs module 900000000000207008 (SNOMED CT International Edition) of 20240301, found 20240201"},
		{name: "a Full of an extension on a Snapshot that is later", packages: []fstest.MapFS{intAt(20240501), p.pack(true, rf2.Full, 0, third)},
			want: "it needs module 900000000000207008 (SNOMED CT International Edition) of 20240301, found 20240501"},
		{name: "a version that a Full does not have", o: rf2.Options{VersionURI: norway + "/version/20240301"},
			packages: []fstest.MapFS{p.pack(false, rf2.Full, 0, 20240501), p.pack(true, rf2.Full, 0, third)},
			want:     "package-1, package-2: found no version 20240301 of SNOMED CT Norwegian Edition; its versions are 20240115, 20240215, 20240415"},
		{name: "a version that is not in the Full of one package and the Snapshot of another", o: rf2.Options{VersionURI: norway + "/version/20240115"},
			packages: []fstest.MapFS{intAt(20240101), joined(noAt(second), p.pack(true, rf2.Full, 0, second))},
			want:     "package-1: found the Snapshot of version 20240215, want version 20240115 of SNOMED CT Norwegian Edition: give the Full, or leave the version out"},
		{name: "a day before the first version", o: rf2.Options{Date: 20231231}, packages: []fstest.MapFS{p.pack(false, rf2.Full, 0, 20240501)},
			want: "package-1: found no version of 20231231 or before; its versions are 20240101, 20240201, 20240301, 20240401, 20240501"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := readAll(t, tt.o, tt.packages...)
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want) || terminology.KindOf(err) != terminology.Invalid) {
				t.Errorf("error:\n%v, want Invalid with\n%s", err, tt.want)
			}
		})
	}
}

// joined is two packages in one folder.
func joined(a, b fstest.MapFS) fstest.MapFS {
	both := maps.Clone(a)
	maps.Copy(both, b)
	return both
}

// readAll reads packages and returns the first error of all steps.
func readAll(t *testing.T, o rf2.Options, packages ...fstest.MapFS) error {
	t.Helper()
	var list []*rf2.Package
	for i, fsys := range packages {
		p, err := rf2.Detect(fsys, fmt.Sprintf("package-%d", i+1))
		if err != nil {
			return err
		}
		list = append(list, p)
	}
	s, err := rf2.NewSource(list, o)
	if err != nil {
		return err
	}
	_, err = s.Read(context.Background(), newRecorder())
	return err
}

// TestDerivativeOnALaterEdition: what stands on an edition may be older than it, and
// not later.
func TestDerivativeOnALaterEdition(t *testing.T) {
	const module = "57101000202106"
	derivative := func(needs terminology.Date) fstest.MapFS {
		return fstest.MapFS{
			strings.ReplaceAll(fileSimple, "INT", "NO1000202"):     lines(headMember, uuid(70)+" 20240415 1 "+module+" 723264001 22298006"),
			strings.ReplaceAll(fileDependency, "INT", "NO1000202"): lines(headDependency, uuid(71)+" 20240415 1 "+module+" 900000000000534007 "+core+" 20240415 "+needs.Compact()),
		}
	}
	if err := readAll(t, rf2.Options{}, tiny(), norwegian(), derivative(20240101)); err != nil {
		t.Errorf("a derivative of an earlier edition: %v, want it read", err)
	}
	err := readAll(t, rf2.Options{}, tiny(), norwegian(), derivative(20250201))
	if want := "it needs module 900000000000207008 (SNOMED CT International Edition) of 20250201, found 20250101"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("a derivative of a later edition: %v, want %q", err, want)
	}
}

// TestModuleWithoutAVersion: a module that says none of itself is there by its rows.
func TestModuleWithoutAVersion(t *testing.T) {
	fsys := tiny()
	fsys[fileDependency] = lines(headDependency,
		uuid(13)+" 20250101 1 "+core+" 900000000000534007 "+model+" 20250101 20250101",
		uuid(14)+" 20250101 1 "+core+" 900000000000534007 900000000000443000 20250101 20250101")
	want := "it needs module 900000000000443000 of 20250101, found none"
	if err := readAll(t, rf2.Options{}, fsys); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("a module of which there is nothing: %v, want %q", err, want)
	}
	fsys[fileConcept].Data = append(fsys[fileConcept].Data, strings.ReplaceAll("900000000000443000 20020131 1 "+model+" "+prim+"\r\n", " ", "\t")...)
	if err := readAll(t, rf2.Options{}, fsys); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("a module of which there is only the name: %v, want %q", err, want)
	}
	fsys[fileSimple] = lines(headMember, uuid(8)+" 20170731 1 900000000000443000 723264001 74281007")
	if err := readAll(t, rf2.Options{}, fsys); err != nil {
		t.Errorf("a module with a row: %v, want it read", err)
	}
	fsys[fileSimple] = lines(headMember, uuid(8)+" 20250201 1 900000000000443000 723264001 74281007")
	if err := readAll(t, rf2.Options{}, fsys); err == nil || !strings.Contains(err.Error(), "of 20250101, found 20250201") {
		t.Errorf("a module with later rows: %v, want it refused", err)
	}
}

// TestVersionsOfAFullThatSaysNone: the dates of the rows of the edition's modules.
func TestVersionsOfAFullThatSaysNone(t *testing.T) {
	full := fstest.MapFS{}
	for name, f := range tiny() {
		full[strings.ReplaceAll(name, "Snapshot", "Full")] = f
	}
	delete(full, strings.ReplaceAll(fileDependency, "Snapshot", "Full"))
	s := source(t, rf2.Options{}, full)
	got, err := s.Versions()
	if diff := cmp.Diff([]terminology.Date{20020131, 20030731, 20170731, 20210131}, got); diff != "" || err != nil {
		t.Errorf("Versions (-want +got), %v:\n%s", err, diff)
	}
	old, err := s.At(20030731)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(said(t, old), "\n"); strings.Contains(got, "Myocardial") || !strings.Contains(got, "Death of heart muscle") || !strings.Contains(got, "/version/20030731") {
		t.Errorf("state of 2003-07-31:\n%s", got)
	}
}

// TestVersionBesideTheSnapshot: a package with a Snapshot and a Full gives its latest
// version from the one and others from the other.
func TestVersionBesideTheSnapshot(t *testing.T) {
	p := newPast(rand.New(rand.NewPCG(1, 5)))
	fsys := joined(p.pack(false, rf2.Full, 0, 20240501), p.pack(false, rf2.Snapshot, 0, 20240501))
	s := source(t, rf2.Options{}, fsys)
	versions, err := s.Versions()
	if diff := cmp.Diff(p.int, versions); diff != "" || err != nil {
		t.Fatalf("Versions (-want +got), %v:\n%s", err, diff)
	}
	for _, version := range versions {
		at, err := s.At(version)
		if err != nil {
			t.Fatal(err)
		}
		if full := strings.Contains(at.Files()[0].Name, "Full"); full != (version != 20240501) {
			t.Errorf("version %s is read from %s", version, at.Files()[0].Name)
		}
		if diff := cmp.Diff(said(t, source(t, rf2.Options{}, p.pack(false, rf2.Snapshot, 0, version))), said(t, at)); diff != "" {
			t.Errorf("version %s (-Snapshot +Full):\n%s", version, diff)
		}
	}
}

// FuzzVersions states what holds for every module dependency file of a Full: its
// versions ascend, each of them opens as itself, and its latest is the default. What
// is read of a version has no row that is later than it.
func FuzzVersions(f *testing.F) {
	p := newPast(rand.New(rand.NewPCG(1, 6)))
	base := p.pack(false, rf2.Full, 0, 20240501)
	name := strings.ReplaceAll(strings.ReplaceAll(fileDependency, "Snapshot", "Full"), "20250101", "20240501")
	f.Add(string(base[name].Data))
	f.Add(headDependency + "\r\n")
	f.Add(string(lines(headDependency, uuid(1)+" 20240101 1 "+norw+" 900000000000534007 "+core+" 20240215 20240201", uuid(2)+" 20240101 0 "+norw+" 900000000000534007 "+norw+" 20240315 20240301").Data))
	f.Add(string(lines(headDependency, uuid(1)+" 20240101 1 "+core+" 900000000000534007 "+norw+" 20240215 20240201", uuid(2)+" 20240101 1 "+norw+" 900000000000534007 "+core+" 20240315 20240301").Data))
	f.Fuzz(func(t *testing.T, dependencies string) {
		fsys := maps.Clone(base)
		fsys[name] = &fstest.MapFile{Data: []byte(dependencies)}
		pack, err := rf2.Detect(fsys, "full")
		if err != nil {
			return
		}
		latest, err := rf2.NewSource([]*rf2.Package{pack}, rf2.Options{})
		if err != nil {
			t.Fatalf("NewSource: %v", err)
		}
		versions, err := latest.Versions()
		if err != nil || len(versions) == 0 || !slices.IsSorted(versions) || latest.Edition().Date > versions[len(versions)-1] {
			t.Fatalf("Versions = %v, %v, latest %s", versions, err, latest.Edition().Date)
		}
		for _, version := range versions[max(0, len(versions)-5):] {
			s, err := latest.At(version)
			if err != nil || s.Edition().Date != version || s.Edition().Module != latest.Edition().Module {
				t.Fatalf("At(%s) = %v", version, err)
			}
			if version == versions[len(versions)-1] {
				continue // modules that say nothing are not limited
			}
			r := newRecorder()
			_, _ = s.Read(context.Background(), r) // what it needs may not be there
			for _, line := range r.with("concept") {
				if day := strings.Fields(line)[2]; strings.Contains(line, latest.Edition().Module.String()) && day > version.String() {
					t.Fatalf("version %s has %q", version, line)
				}
			}
		}
	})
}
