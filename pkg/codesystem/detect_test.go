package codesystem_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
	"github.com/kodeks/kodeks/pkg/terminology"
)

const today = "2026-11-22"

// folder makes an input of names and contents.
func folder(name string, files ...string) codesystem.Input {
	fsys := fstest.MapFS{}
	for i := 0; i+1 < len(files); i += 2 {
		fsys[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return codesystem.Input{Name: name, FS: fsys}
}

const (
	icd10CSV  = "system#code#text\nICD10#A00.0#Kolera\n"
	icd10JSON = `[{"code":"A000","text":"Kolera"},{"code":"I210a","text":"Infarkt"}]`
	icpc2JSON = `[{"code":"A01","text":"Smerte"},{"code":"A191","text":"Kjønnsinkongruens"}]`
	icpc2FAT  = `[{"Kode":"A01","Tekst_uten_lengdebegrensning":"Smerte","Kodeverk":"ICPC-2"},
{"Kode":"A01.0000","Tekst_uten_lengdebegrensning":"Smerte","Kodeverk":"ICPC-2B","Foreldrekode":"A01"}]`
	mapCSV   = "ICPC2B_ICD10_Kode;ICPC2_Kode;ICPC2B_kode\nR529;A01;A010000\n"
	concepts = "id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId\n138875005\t20020131\t1\t900000000000207008\t900000000000074008\n"
	zip      = "PK\x03\x04" + "01234567890123456789012345" + "Snapshot/"
	lfs      = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
)

// names are the releases that Detect finds.
func names(sources []terminology.Source) string {
	var list []string
	for _, s := range sources {
		list = append(list, s.Release().Name)
	}
	return strings.Join(list, " ")
}

// codeSystem is a CodeSystem resource.
func codeSystem(url string) string {
	return `{"resourceType":"CodeSystem","url":"` + url + `","version":"1","status":"active","content":"complete","concept":[{"code":"a"}]}`
}

// icd11 is the tabulation of a release.
func icd11(stamp string) string {
	const columns = "Foundation URI\tLinearization URI\tCode\tBlockId\tTitle\tClassKind\tDepthInKind\tIsResidual\tChapterNo\tBrowserLink\tisLeaf\tPrimary tabulation\tGrouping1\tVersion:"
	const entity = "/mms/1435254666"
	return columns + stamp + "\nhttp://id.who.int/icd/entity/1435254666\thttp://id.who.int/icd/release/11" + entity + "\t\t\tInfections\tchapter\t1\tFalse\t01\tbrowser\tFalse\tTrue\n"
}

// TestDetectVersionsTogether: versions of one code system may come together.
func TestDetectVersionsTogether(t *testing.T) {
	for name, in := range map[string][]codesystem.Input{
		"one folder":  {folder("x", "a.txt", icd11("2024 Jan 21 - 22:30 UTC"), "b.txt", icd11("2025 Jan 25 - 22:30 UTC"))},
		"two folders": {folder("x", "a.txt", icd11("2024 Jan 21 - 22:30 UTC")), folder("y", "b.txt", icd11("2025 Jan 25 - 22:30 UTC"))},
	} {
		sources, err := codesystem.Detect(in, codesystem.Options{Today: today})
		if err != nil || len(sources) != 2 || sources[0].Release().Date != "2024-01" || sources[1].Release().Date != "2025-01" {
			t.Errorf("%s: %q, %v, want ICD-11 of 2024-01 and 2025-01", name, names(sources), err)
		}
	}
}

func TestDetect(t *testing.T) {
	tests := []struct {
		name   string
		inputs []codesystem.Input
		system string
		want   string
	}{
		{"by content, whatever the name", []codesystem.Input{folder("x", "a/list.txt", icd10CSV, "README", "Kodeverk\n", "LICENSE.md", "[MIT] text")}, "", "icd-10-no"},
		{"one file with two code systems", []codesystem.Input{folder("x", "ICPC2.json", icpc2FAT)}, "", "icpc-2 icpc-2b"},
		{"several code systems and a map", []codesystem.Input{folder("x", "a.csv", icd10CSV, "b.json", icpc2FAT, "c.csv", mapCSV)}, "", "icd-10-no icpc-2 icpc-2b map-icpc-2b-icd-10-no"},
		{"told apart by their codes", []codesystem.Input{folder("x", "a.json", icd10JSON, "b.json", icpc2JSON)}, "", "icd-10-no icpc-2"},
		{"one code system of several", []codesystem.Input{folder("x", "a.csv", icd10CSV, "b.json", icpc2FAT)}, "icpc2b", "icpc-2b"},
		{"the user knows better", []codesystem.Input{folder("x", "a.json", `[{"code":"A33","text":"x"},{"code":"A35","text":"y"}]`)}, "icpc-2", "icpc-2"},
		{"files that systems leave behind", []codesystem.Input{folder("x", "a.csv", icd10CSV, "__MACOSX/a.csv", icd10CSV, ".git/a.csv", lfs, "._a.csv", zip)}, "", "icd-10-no"},
		{"SNOMED CT of two packages beside another", []codesystem.Input{
			folder("int", "Snapshot/Terminology/sct2_Concept_Snapshot_INT_20250901.txt", concepts),
			folder("no", "list.csv", icd10CSV)}, "", "snomed-900000000000207008 icd-10-no"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sources, err := codesystem.Detect(tt.inputs, codesystem.Options{System: tt.system, Today: today})
			if err != nil || names(sources) != tt.want {
				t.Errorf("Detect = %q, %v, want %q", names(sources), err, tt.want)
			}
		})
	}
}

func TestDetectVersion(t *testing.T) {
	for version, want := range map[string]string{"": today, "2026": "2026", "2025-01-01": "2025-01-01"} {
		sources, err := codesystem.Detect([]codesystem.Input{folder("x", "a.csv", icd10CSV)}, codesystem.Options{Version: version, Today: today})
		if err != nil {
			t.Fatal(err)
		}
		if r := sources[0].Release(); r.Version != want || r.Date != want || r.System != codesystem.ICD10NO || r.CaseSens {
			t.Errorf("version %q: %+v, want version and date %q", version, r, want)
		}
	}
}

// full is an International Full with three versions.
const (
	fullConcepts = concepts + "404684003\t20240201\t1\t900000000000207008\t900000000000074008\n22298006\t20240301\t1\t900000000000207008\t900000000000074008\n" +
		"900000000000012004\t20240101\t1\t900000000000012004\t900000000000074008\n"
	fullDependencies = "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\tsourceEffectiveTime\ttargetEffectiveTime\n" +
		dependency + "20240101\t1" + coreOnModel + "20240101\t20240101\n" + dependency + "20240201\t1" + coreOnModel + "20240201\t20240201\n" + dependency + "20240301\t1" + coreOnModel + "20240301\t20240301\n"
	dependency  = "00000000-0000-4000-8000-000000000001\t"
	coreOnModel = "\t900000000000207008\t900000000000534007\t900000000000012004\t"
	fileFull    = "Full/Terminology/sct2_Concept_Full_INT_20240301.txt"
	fileDepends = "Full/Refset/Metadata/der2_ssRefset_ModuleDependencyFull_INT_20240301.txt"
)

// withRows takes rows of tables too, and forgets them.
type withRows struct{ *tabulartest.Sink }

func (withRows) Table(string, []string) error { return nil }
func (withRows) Row(terminology.Row) error    { return nil }

// TestDetectVersions: each version of a Full that is asked for is a source.
func TestDetectVersions(t *testing.T) {
	const international = "http://snomed.info/sct/900000000000207008"
	release := folder("full", fileFull, fullConcepts, fileDepends, fullDependencies)
	snapshot := folder("int", "Snapshot/Terminology/sct2_Concept_Snapshot_INT_20250901.txt", concepts)
	tests := []struct {
		name          string
		input         codesystem.Input
		versions, uri string
		want          string // dates and numbers of concepts, or part of the error
	}{
		{name: "the latest when nothing is said", input: release, want: "20240301:4"},
		{name: "latest", input: release, versions: "latest", want: "20240301:4"},
		{name: "all", input: release, versions: "all", want: "20240101:2 20240201:3 20240301:4"},
		{name: "some, in any order", input: release, versions: "20240301, 20240101,20240301", want: "20240101:2 20240301:4"},
		{name: "by its URI", input: release, uri: international + "/version/20240201", want: "20240201:3"},
		{name: "all of an edition", input: release, versions: "all", uri: international, want: "20240101:2 20240201:3 20240301:4"},
		{name: "all of a Snapshot", input: snapshot, versions: "all", want: "20020131:1"},
		{name: "one that is not there", input: release, versions: "20240101,20240115", want: "full: found no version 20240115 of SNOMED CT International Edition; its versions are 20240101, 20240201, 20240301"},
		{name: "an earlier one of a Snapshot", input: snapshot, versions: "20020101", want: "int: found no version 20020101; its versions are 20020131"},
		{name: "no date", input: release, versions: "2024", want: `versions "2024": found "2024", want all, latest, or dates as yyyymmdd with commas between them`},
		{name: "twice", input: release, versions: "all", uri: international + "/version/20240201", want: "give one of them"},
		{name: "of another code system", input: folder("x", "a.csv", icd10CSV), versions: "all", want: "versions all: found no SNOMED CT"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			sources, err := codesystem.Detect([]codesystem.Input{tt.input}, codesystem.Options{Versions: tt.versions, VersionURI: tt.uri, Today: today})
			if err != nil {
				if !strings.Contains(terminology.Message(err), tt.want) || terminology.KindOf(err) != terminology.Invalid {
					t.Errorf("Detect = %v, want Invalid with %q", err, tt.want)
				}
				return
			}
			for _, s := range sources {
				sink := withRows{tabulartest.NewSink()}
				r, err := s.Read(context.Background(), sink)
				if err != nil || r.Version != r.Edition+"/version/"+r.Date {
					t.Fatalf("Read = %+v, %v", r, err)
				}
				got = append(got, fmt.Sprintf("%s:%d", r.Date, len(sink.Concepts)))
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("Detect = %q, want %q", got, tt.want)
			}
		})
	}
}

// TestInactiveOnReleaseDate says on which day a code's validity is judged.
func TestInactiveOnReleaseDate(t *testing.T) {
	const content = `[{"Kode":"A00","Tekst_uten_lengdebegrensning":"Kolera","Gyldig_til":"2025-12-31T23:59:00"}]`
	for version, want := range map[string]bool{"": true, "2026": true, "2025-12-31": false, "2026-01-01": true} {
		sources, err := codesystem.Detect([]codesystem.Input{folder("x", "a.json", content)}, codesystem.Options{Version: version, Today: today})
		if err != nil {
			t.Fatal(err)
		}
		sink := tabulartest.NewSink()
		if _, err := sources[0].Read(context.Background(), sink); err != nil {
			t.Fatal(err)
		}
		if sink.Concepts["A00"].Inactive != want {
			t.Errorf("version %q: inactive %v, want %v", version, !want, want)
		}
	}
}

// TestDetectErrors pins what a person reads who gives the wrong thing: the file
// and the next step.
func TestDetectErrors(t *testing.T) {
	many := []string{}
	for i := range 12 {
		many = append(many, fmt.Sprintf("note%02d.txt", i), "text")
	}
	tests := []struct {
		name    string
		inputs  []codesystem.Input
		options codesystem.Options
		want    string
		kind    terminology.Kind
	}{
		{"no input", nil, codesystem.Options{}, "nothing to import: name a folder, a zip or a file", 0},
		{"empty folder", []codesystem.Input{folder("dir")}, codesystem.Options{},
			"dir is empty: want an RF2 package of SNOMED CT; a file of a code system in a form of its publisher (JSON, CSV, .xlsx, ClaML or other XML, also packed by gzip); FHIR resources or a package of them (.tgz); or any table with --mapping", 0},
		{"nothing recognised", []codesystem.Input{folder("dir", many...)}, codesystem.Options{},
			"dir: found nothing to import in note00.txt, note01.txt, note02.txt, note03.txt, note04.txt, note05.txt, note06.txt, note07.txt, note08.txt, note09.txt and 2 more: " +
				"want an RF2 package of SNOMED CT; a file of a code system in a form of its publisher (JSON, CSV, .xlsx, ClaML or other XML, also packed by gzip); FHIR resources or a package of them (.tgz); or any table with --mapping (a folder of the release, its zip, or the file itself)", 0},
		{"one of two inputs holds nothing", []codesystem.Input{folder("good", "a.csv", icd10CSV), folder("dir", "a.txt", "text")}, codesystem.Options{},
			"dir: found nothing to import in a.txt: want an RF2 package", 0},
		{"not the system that was asked for", []codesystem.Input{folder("dir", "a.csv", icd10CSV)}, codesystem.Options{System: "icpc-2"},
			"dir: found nothing to import in a.csv: want files of ICPC-2 (norsk utgave)", 0},
		{"Git-LFS pointer", []codesystem.Input{folder("dir", "big.csv", lfs)}, codesystem.Options{},
			"dir/big.csv: this is a Git-LFS pointer, not the data: run git lfs pull", 0},
		{"zip within zip", []codesystem.Input{folder("all.zip", "SnomedCT_NO.zip", zip)}, codesystem.Options{},
			"all.zip/SnomedCT_NO.zip: this is a zip inside the folder or zip: unpack it first", 0},
		{"truncated JSON", []codesystem.Input{folder("dir", "a.json", `[{"Kode":"A0`)}, codesystem.Options{},
			"dir/a.json:1: the file ends inside its JSON array: it is truncated, fetch it again", 0},
		{"delimiter that is none", []codesystem.Input{folder("dir", "a.csv", "system:code:text\nICD10:A00.0:x\n")}, codesystem.Options{},
			`dir/a.csv: the header "system:code:text" names the columns of a code list, but not with one delimiter between them: want one of tab ; # , |`, 0},
		{"same code system twice", []codesystem.Input{folder("dir", "a.csv", icd10CSV, "b.json", icd10JSON)}, codesystem.Options{},
			"dir/a.csv and dir/b.json both hold ICD-10 (norsk utgave): give one of them", 0},
		{"a FHIR resource under the OID of SNOMED CT", []codesystem.Input{folder("dir", "a.json", codeSystem("urn:oid:2.16.840.1.113883.6.96"))}, codesystem.Options{},
			"dir/a.json is of the code system urn:oid:2.16.840.1.113883.6.96, which is a name of SNOMED CT: give it the url http://snomed.info/sct", 0},
		{"one version twice", []codesystem.Input{folder("dir", "a.txt", icd11("2025 Jan 25 - 22:30 UTC"), "b.txt", icd11("2025 Jan 25 - 22:30 UTC"))}, codesystem.Options{},
			"ICD-11 MMS", 0},
		{"unknown system", []codesystem.Input{folder("dir", "a.csv", icd10CSV)}, codesystem.Options{System: "icd-9"},
			`no code system is known as "icd-9": want one of snomed, icd-10, icpc-2, icpc-2b`, 0},
		{"system without importer", []codesystem.Input{folder("dir", "a.csv", icd10CSV)}, codesystem.Options{System: "icpc-1"},
			"ICPC-1 cannot be imported yet; what can: snomed, icd-10, icpc-2, icpc-2b", terminology.NotSupported},
		{"version that is no folder name", []codesystem.Input{folder("dir", "a.csv", icd10CSV)}, codesystem.Options{Version: "../2026"}, `version "../2026": want letters, digits`, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.options.Today = today
			if tt.kind == 0 {
				tt.kind = terminology.Invalid
			}
			sources, err := codesystem.Detect(tt.inputs, tt.options)
			if err == nil || sources != nil || terminology.KindOf(err) != tt.kind {
				t.Fatalf("Detect = %q, %v, want an error of kind %v", names(sources), err, tt.kind)
			}
			if !strings.Contains(terminology.Message(err), tt.want) {
				t.Errorf("Detect: %s\nwant: %s", terminology.Message(err), tt.want)
			}
		})
	}
}

func TestDetectRealFiles(t *testing.T) {
	data := tabulartest.RealData(t)
	only := func(names ...string) fs.FS {
		fsys := fstest.MapFS{}
		for _, name := range names {
			b, err := os.ReadFile(filepath.Join(data, filepath.FromSlash(name)))
			if err != nil {
				t.Skip(err)
			}
			fsys[name] = &fstest.MapFile{Data: b}
		}
		return fsys
	}
	for _, tt := range []struct {
		files []string
		want  string
	}{
		{[]string{"icd10-no/tsm-icd10.csv", "icd10-no/tsm-LICENSE", "icd10-no/blocks-2016.tsv"}, "icd-10-no"},
		{[]string{"icd10-no/navikt-ICD10.json", "icpc2/navikt-ICPC2.json", "icpc2/icpc-2e-v7.0.xlsx"}, "icd-10-no icpc-2 icpc-2e map-icpc-2e-icd-10"},
		{[]string{"icd10-no/skde-ICD10.csv", "icpc2/skde-icpc2.csv", "icpc2/skde-icpc2_beriket.csv"}, "icd-10-no icpc-2 map-icpc-2b-icd-10-no"},
		{[]string{"fat-api/download-ICD10.sample.json", "fat-api/icd10_codes_hp.json", "fat-api/icd10_codes_hp.csv", "icpc2/tsm-icpc2b.json"}, "icd-10-no icpc-2b"},
		{[]string{"icd11/10To11MapToMultipleCategories.txt", "icd11/10To11MapToOneCategory.txt", "icd11/11To10MapToOneCategory.txt", "icd11/foundation_10To11MapToOneCategory.txt",
			"icd11/SimpleTabulation-ICD-11-MMS-en.txt", "icd11/readme.txt", "icd11/simple-tab-icd11-mms.zip"},
			"icd-11 map-icd-10-icd-11-foundation map-icd-10-icd-11-multiple map-icd-10-icd-11-one map-icd-11-icd-10-one"},
	} {
		sources, err := codesystem.Detect([]codesystem.Input{{Name: "data", FS: only(tt.files...)}}, codesystem.Options{Today: today})
		got := strings.Fields(names(sources))
		slices.Sort(got)
		if err != nil || strings.Join(got, " ") != tt.want {
			t.Errorf("Detect(%v) = %v, %v, want %s", tt.files, got, err, tt.want)
		}
	}
}

// FuzzDetect states what holds for every file: an error is Invalid and says
// something, and a source has a name, a system and the file.
func FuzzDetect(f *testing.F) {
	for _, s := range []string{icd10CSV, icd10JSON, icpc2JSON, icpc2FAT, mapCSV, concepts, zip, lfs, "[{", "\xff\xfe"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		input := codesystem.Input{Name: "x", FS: fstest.MapFS{"file": &fstest.MapFile{Data: content}}}
		sources, err := codesystem.Detect([]codesystem.Input{input}, codesystem.Options{Today: today})
		if err != nil {
			if terminology.KindOf(err) != terminology.Invalid || terminology.Message(err) == "" {
				t.Fatalf("error %v of kind %v", err, terminology.KindOf(err))
			}
			return
		}
		for _, s := range sources {
			r := s.Release()
			if r.Name == "" || r.System == "" || r.Date == "" || len(s.Files()) != 1 {
				t.Fatalf("source %+v", r)
			}
		}
	})
}

func ExampleDetect() {
	fsys := fstest.MapFS{"icd10.csv": &fstest.MapFile{Data: []byte("system#code#text\nICD10#A00.0#Kolera som skyldes Vibrio cholerae 01, biovar cholerae\n")}}
	sources, err := codesystem.Detect([]codesystem.Input{{Name: "download", FS: fsys}}, codesystem.Options{Today: "2026-11-22"})
	for _, s := range sources {
		r := s.Release()
		fmt.Println(r.Name, r.System, r.Version, s.Files()[0].Name)
	}
	_, err = codesystem.Detect([]codesystem.Input{{Name: "download", FS: fstest.MapFS{}}}, codesystem.Options{Today: "2026-11-22"})
	fmt.Println(terminology.Message(err))
	// Output:
	// icd-10-no http://hl7.org/fhir/sid/icd-10-no 2026-11-22 icd10.csv
	// download is empty: want an RF2 package of SNOMED CT; a file of a code system in a form of its publisher (JSON, CSV, .xlsx, ClaML or other XML, also packed by gzip); FHIR resources or a package of them (.tgz); or any table with --mapping
}
