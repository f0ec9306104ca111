package rf2_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/rf2"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// mapSink keeps the maps and their rows, and nothing else.
type mapSink struct {
	*recorder
	infos []terminology.MapInfo
	rows  []terminology.Mapping
}

func (m *mapSink) Map(info terminology.MapInfo) error {
	m.infos = append(m.infos, info)
	return nil
}

func (m *mapSink) Mapping(row terminology.Mapping) error {
	m.rows = append(m.rows, row)
	return nil
}

// TestMapShapes: every shape of map file becomes rows, by the names of its columns.
func TestMapShapes(t *testing.T) {
	const infarction = "22298006"
	row := func(n int, module, refset, cells string) string {
		return uuid(n) + " 20250101 1 " + module + " " + refset + " " + infarction + " " + cells
	}
	for _, tt := range []struct {
		name, file, header, row string
		info                    terminology.MapInfo
		want                    terminology.Mapping
	}{
		{"simple", "der2_sRefset_SimpleMapSnapshot", "mapTarget", row(900, core, "784008009", "98765"),
			terminology.MapInfo{Title: "SNOMED CT to Orphanet", Source: "http://snomed.info/sct", Target: "https://www.orpha.net"},
			terminology.Mapping{Source: infarction, Target: "98765"}},
		{"simple, of a reference set that nobody knows", "der2_sRefset_OwnMapSnapshot", "mapTarget", row(900, core, "1126441000000105", "X_1"),
			terminology.MapInfo{Title: "SNOMED CT map 1126441000000105", Source: "http://snomed.info/sct"},
			terminology.Mapping{Source: infarction, Target: "X 1"}},
		{"simple with description", "der2_ssRefset_SimpleMapWithDescriptionSnapshot", "mapTarget mapTargetDescription", row(900, core, "446608001", "8000/0 Neoplasm,_benign"),
			terminology.MapInfo{Title: "SNOMED CT to ICD-O", Source: "http://snomed.info/sct", Target: "http://terminology.hl7.org/CodeSystem/icd-o-3"},
			terminology.Mapping{Source: infarction, Target: "8000/0", Display: "Neoplasm, benign"}},
		{"complex, not mappable", "der2_iissscRefset_ComplexMapSnapshot", "mapGroup mapPriority mapRule mapAdvice mapTarget correlationId",
			row(900, core, "447563008", "1 2 TRUE NONE  447556008"),
			terminology.MapInfo{Title: "SNOMED CT to ICD-9-CM", Source: "http://snomed.info/sct", Target: "http://hl7.org/fhir/sid/icd-9-cm"},
			terminology.Mapping{Source: infarction, Group: 1, Priority: 2, Rule: "TRUE", Advice: "NONE", Relationship: terminology.NotRelatedTo, Correlation: "447556008"}},
		{"complex with blocks, the target narrower", "der2_iissscRefset_ComplexMapSnapshot", "mapGroup mapPriority mapRule mapAdvice mapTarget correlationId mapBlock",
			row(900, core, "447563008", "1 1 TRUE ALWAYS_410 410 447559001 1"),
			terminology.MapInfo{Title: "SNOMED CT to ICD-9-CM", Source: "http://snomed.info/sct", Target: "http://hl7.org/fhir/sid/icd-9-cm"},
			terminology.Mapping{Source: infarction, Target: "410", Group: 1, Priority: 1, Rule: "TRUE", Advice: "ALWAYS 410", Relationship: terminology.SourceIsBroader, Correlation: "447559001"}},
		{"extended, known by its module: ICD-11", "der2_iisssccRefset_Icd11MapExtendedMapSnapshot", "mapGroup mapPriority mapRule mapAdvice mapTarget correlationId mapCategoryId",
			row(900, "1204363008", "1126441000000105", "1 1 IFA_248152002 IF BA41.Z 447558009 447639009"),
			terminology.MapInfo{Title: "SNOMED CT to ICD-11 MMS", Source: "http://snomed.info/sct", Target: "http://id.who.int/icd/release/11/mms"},
			terminology.Mapping{Source: infarction, Target: "BA41.Z", Group: 1, Priority: 1, Rule: "IFA 248152002", Advice: "IF", Relationship: terminology.SourceIsNarrower,
				Correlation: "447558009", Category: "447639009", Module: "1204363008"}},
		{"of another shape, by its columns", "der2_scccRefset_MapCorrelationOriginSnapshot", "mapTarget attributeId correlationId contentOriginId",
			row(900, core, "784008009", "LP1 1 447557004 2"),
			terminology.MapInfo{Title: "SNOMED CT to Orphanet", Source: "http://snomed.info/sct", Target: "https://www.orpha.net"},
			terminology.Mapping{Source: infarction, Target: "LP1", Relationship: terminology.Equivalent, Correlation: "447557004"}},
		{"from another code system", "der2_sRefset_SimpleMapFromSnapshot", "mapSource correlationId", row(900, core, "816210007", "10028596 447558009"),
			terminology.MapInfo{Title: "SNOMED CT to MedDRA", Source: "https://www.meddra.org", Target: "http://snomed.info/sct"},
			terminology.Mapping{Source: "10028596", Target: infarction, Relationship: terminology.SourceIsBroader, Correlation: "447558009"}},
		{"association: what it was a kind of is broader", "der2_cRefset_AssociationSnapshot", "targetComponentId", row(900, core, "900000000000528000", "404684003"),
			terminology.MapInfo{Title: "Was a", Source: "http://snomed.info/sct", Target: "http://snomed.info/sct"},
			terminology.Mapping{Source: infarction, Target: "404684003", Relationship: terminology.SourceIsNarrower}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fsys := tiny()
			delete(fsys, fileMap)
			delete(fsys, fileSimpleMap)
			delete(fsys, fileAssociation)
			name := "Snapshot/Refset/Map/" + tt.file + "_INT_20250101.txt"
			fsys[name] = lines(headMember+"\t"+strings.ReplaceAll(tt.header, " ", "\t"), tt.row)
			if tt.want.Module == "" {
				tt.want.Module = core
			} else { // a module is a concept
				file := fsys[fileConcept]
				file.Data = append(file.Data, strings.ReplaceAll(tt.want.Module+" 20250101 1 "+core+" "+prim, " ", "\t")+"\r\n"...)
			}
			s := source(t, rf2.Options{}, fsys)
			sink := &mapSink{recorder: newRecorder()}
			release, err := s.Read(t.Context(), sink)
			if err != nil || len(sink.bad) > 0 {
				t.Fatalf("Read = %v, bad rows %q", err, sink.bad)
			}
			tt.info.ID = strings.Fields(tt.row)[4]
			tt.info.URL, tt.info.Sources, tt.info.Rows = "http://snomed.info/sct?fhir_cm="+tt.info.ID, 1, 1
			if diff := cmp.Diff([]terminology.MapInfo{tt.info}, release.Maps); diff != "" {
				t.Error("maps (-want +got):\n", diff)
			}
			tt.want.Map, tt.want.File, tt.want.Line, tt.want.ID = tt.info.ID, name, 2, uuid(900)
			if diff := cmp.Diff([]terminology.Mapping{tt.want}, sink.rows); diff != "" {
				t.Error("rows (-want +got):\n", diff)
			}
		})
	}
}

// TestLayers: a hospital's rows are above the Norwegian ones, and those above the
// International ones, of one source in one map; associations of all add up.
func TestLayers(t *testing.T) {
	local := sctid(771000001, 10)
	base, no, own := tiny(), norwegian(), fstest.MapFS{}
	file := func(name, header string, rows ...string) {
		own[strings.ReplaceAll(name, "INT_20250101", "LOCAL_20250315")] = lines(header, rows...)
	}
	file(fileConcept, headConcept, local+" 20250315 1 "+local+" "+prim)
	file(fileMap, headMap, uuid(201)+" 20250315 1 "+local+" 447562003 22298006 2 1 TRUE ALWAYS_I22 I22 447561005 447637006")
	file(fileAssociation, headMember+"\ttargetComponentId", uuid(202)+" 20250315 1 "+local+" 900000000000523009 57054005 404684003")
	file(fileDependency, headDependency,
		uuid(203)+" 20250315 1 "+local+" 900000000000534007 "+norw+" 20250315 20250215",
		uuid(204)+" 20250315 1 "+local+" 900000000000534007 "+core+" 20250315 20250101")
	sink := &mapSink{recorder: newRecorder()}
	if _, err := source(t, rf2.Options{}, base, no, own).Read(t.Context(), sink); err != nil || len(sink.bad) > 0 {
		t.Fatalf("Read = %v, bad rows %q", err, sink.bad)
	}
	got := map[string]uint8{}
	for _, m := range sink.rows {
		if m.Map == "447562003" || m.Map == "900000000000523009" {
			got[m.Map+" "+m.Target] = m.Layer
		}
	}
	want := map[string]uint8{"447562003 I21.0": 0, "447562003 I21.9": 0, "447562003 I21.0a": 1, "447562003 I22": 2,
		"900000000000523009 22298006": 0, "900000000000523009 404684003": 0}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("layers (-want +got):\n", diff)
	}
}
