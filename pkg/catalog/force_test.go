package catalog_test

import (
	"testing"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// versions is two editions of SNOMED CT, an experimental one, three years of ICD-10 and
// a code system that numbers its versions.
func versions(t *testing.T) *catalog.Snapshot {
	t.Helper()
	data := t.TempDir()
	loinc := func(version string) terminology.Release {
		return terminology.Release{Kind: terminology.KindCodeSystem, Name: "loinc", System: "http://loinc.org", Version: version, Date: version}
	}
	for _, r := range []terminology.Release{
		sct(norway, "20250315", "nb"), sct(norway, "20250915", "nb"), sct(norway, "20260315", "nb"),
		sct(international, "20250801", "en"), sct(international, "20260201", "en"), xsct(norway, "20260601", "nb"),
		icd10("2024"), icd10("2025"), icd10("2026-02"), loinc("2.78"), loinc("2.80"),
		{Kind: terminology.KindCodeSystem, Name: "nlk", System: "http://helsedir.no/fhir/CodeSystem/no-kodeverk-7280-nlk", Version: "7280.77", Date: "7280.77"}, mapRelease("2026"),
	} {
		publish(t, data, r, r.Name+" "+r.Date, false)
	}
	c, _ := open(t, data, catalog.Options{Language: "nb"})
	s := c.Acquire()
	t.Cleanup(s.LetGo)
	return s
}

func TestCodeSystemOn(t *testing.T) {
	s := versions(t)
	const norwegian, english, experimental = "http://snomed.info/sct/" + norway, "http://snomed.info/sct/" + international, "http://snomed.info/xsct"
	tests := []struct {
		name, system, version string
		day                   terminology.Date
		want                  string
		inForce               bool
	}{
		{"no day", "icd-10", "", 0, "icd-10-no 2026-02", true},
		{"the newest, until it is replaced", "icd-10", "", 20991231, "icd-10-no 2026-02", true},
		{"its first day", "icd-10", "", 20260201, "icd-10-no 2026-02", true},
		{"the last day of the one before", "icd-10", "", 20260131, "icd-10-no 2025", true},
		{"the first day of a year", "icd-10", "", 20250101, "icd-10-no 2025", true},
		{"the last day of a year", "icd-10", "", 20241231, "icd-10-no 2024", true},
		{"before the oldest", "icd-10", "", 20231231, "icd-10-no 2024", false},
		{"an explicit version", "icd-10", "2024", 20260601, "icd-10-no 2024", true},
		{"by its OID", "2.16.578.1.12.4.1.1.7110", "", 20250601, "icd-10-no 2025", true},
		{"the edition of the server", codesystem.SNOMED, "", 20250914, "snomed-" + norway + " 20250315", true},
		{"the same, next day", codesystem.SNOMED, "", 20250915, "snomed-" + norway + " 20250915", true},
		{"nothing of another edition", codesystem.SNOMED, "", 20250101, "snomed-" + norway + " 20250315", false},
		{"an edition", codesystem.SNOMED, english, 20251001, "snomed-" + international + " 20250801", true},
		{"an edition, before it", codesystem.SNOMED, english, 20250601, "snomed-" + international + " 20250801", false},
		{"any edition for production", codesystem.SNOMED, codesystem.SNOMED, 20251001, "snomed-" + norway + " 20250915", true},
		{"a version of an edition", codesystem.SNOMED, norwegian + "/version/20250315", 20261122, "snomed-" + norway + " 20250315", true},
		{"the date of a version", codesystem.SNOMED, "20250315", 20261122, "snomed-" + norway + " 20250315", true},
		{"an experimental edition", codesystem.SNOMED, experimental, 20251001, "xsnomed-" + norway + " 20260601", false},
		{"versions that are no dates", "loinc", "", 20200101, "loinc 2.80", true},
		{"versions that nearly are dates", "nlk", "", 20200101, "nlk 7280.77", true},
		{"not installed", "npu", "", 20200101, "not found", false},
		{"a version that is not installed", "icd-10", "2023", 20230601, "not found", false},
	}
	for _, tt := range tests {
		got := ""
		r, inForce, err := s.CodeSystemOn(tt.system, tt.version, tt.day)
		if err != nil {
			got = terminology.KindOf(err).String()
		} else {
			got = r.CodeSystem.Code(0)
		}
		if got != tt.want || inForce != tt.inForce {
			t.Errorf("%s: CodeSystemOn(%q, %q, %s) = %s, %v, want %s, %v", tt.name, tt.system, tt.version, tt.day, got, inForce, tt.want, tt.inForce)
		}
	}
}

// TestInForcePartitionsTime is the law of periods: every day from the oldest version on
// is in the period of exactly one version, the one that CodeSystemOn gives.
func TestInForcePartitionsTime(t *testing.T) {
	s := versions(t)
	days := 0
	for _, one := range s.Releases {
		if one.CodeSystem == nil {
			continue
		}
		list := s.Versions(one)
		first, dated := s.InForce(list[0])
		if !dated {
			continue
		}
		for day := terminology.Date(20270101); day >= 20231201; day = day.DayBefore() {
			days++
			in := 0
			for _, r := range list {
				p, _ := s.InForce(r)
				if !p.Contains(day) {
					continue
				}
				in++
				got, inForce, err := s.CodeSystemOn(r.Release.System, r.Release.Edition, day)
				if err != nil || !inForce || got != r {
					t.Fatalf("%s on %s: %v, %v, want %s", r.Release.Name, day, inForce, err, r.Release.Date)
				}
			}
			if want := day >= first.From; want != (in == 1) || in > 1 {
				t.Fatalf("%s: %s is in %d periods, want it in one: %v", one.Release.Name, day, in, want)
			}
		}
	}
	if days < 8*365*3 {
		t.Errorf("only %d days were tried", days)
	}
}

// TestDefaultOnADay: a pinned version answers when no day is asked about, and says which
// edition does when one is.
func TestDefaultOnADay(t *testing.T) {
	data := t.TempDir()
	for _, r := range []terminology.Release{icd10("2024"), icd10("2025"), sct(norway, "20250315", "nb"), sct(international, "20250201", "en"), sct(international, "20250801", "en")} {
		publish(t, data, r, r.Name+" "+r.Date, false)
	}
	c, _ := open(t, data, catalog.Options{Language: "nb", Default: map[string]string{
		codesystem.ICD10NO: "2024", codesystem.SNOMED: "http://snomed.info/sct/" + international + "/version/20250201"}})
	s := c.Acquire()
	defer s.LetGo()
	for _, tt := range []struct {
		system string
		day    terminology.Date
		want   string
	}{
		{codesystem.ICD10NO, 0, "icd-10-no 2024"}, {codesystem.ICD10NO, 20250601, "icd-10-no 2025"},
		{codesystem.SNOMED, 0, "snomed-" + international + " 20250201"}, {codesystem.SNOMED, 20251001, "snomed-" + international + " 20250801"},
	} {
		r, inForce, err := s.CodeSystemOn(tt.system, "", tt.day)
		if err != nil || !inForce || r.CodeSystem.Code(0) != tt.want {
			t.Errorf("%s on %s: %v, %v, want %s", tt.system, tt.day, inForce, err, tt.want)
		}
	}
}
