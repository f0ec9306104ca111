package operation_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kodeks/kodeks/internal/wiring"
	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/codesystem/table"
	"github.com/kodeks/kodeks/pkg/importer"
	"github.com/kodeks/kodeks/pkg/operation"
)

// Modules of the rows of a map of SNOMED CT.
const (
	internationalMaps = "449080006"
	norwegianModule   = "51000202101"
)

// snomedRow is a row of the map from SNOMED CT to ICD-10.
type snomedRow struct {
	module, source, group, priority, rule, target string
}

// norwegianEdition is the packages of a Norwegian Edition of a day, with nothing but concepts,
// their bokmål terms where terms has one, and rows of the map to ICD-10, each row in the
// package of its module.
func norwegianEdition(day string, concepts []string, terms map[string]string, rows []snomedRow) []codesystem.Input {
	const core, model, base, primitive = "900000000000207008", "900000000000012004", "20250101", "900000000000074008"
	const isA = " 0 116680003 900000000000011006 900000000000451002"
	const dependsOn = " 900000000000534007 "
	file := func(of map[string][]string, path, row string) {
		of[path] = append(of[path], strings.ReplaceAll(row, " ", "\t"))
	}
	international, norwegian := map[string][]string{}, map[string][]string{}
	const member = "id effectiveTime active moduleId refsetId referencedComponentId"
	for _, to := range []map[string][]string{international, norwegian} {
		file(to, "Terminology/sct2_Concept_Snapshot", "id effectiveTime active moduleId definitionStatusId")
		file(to, "Terminology/sct2_Relationship_Snapshot", "id effectiveTime active moduleId sourceId destinationId relationshipGroup typeId characteristicTypeId modifierId")
		file(to, "Refset/Map/der2_iisssccRefset_ExtendedMapSnapshot", member+" mapGroup mapPriority mapRule mapAdvice mapTarget correlationId mapCategoryId")
		file(to, "Refset/Metadata/der2_ssRefset_ModuleDependencySnapshot", member+" sourceEffectiveTime targetEffectiveTime")
	}
	n := 0
	uuid := func() string { n++; return fmt.Sprintf("00000000-0000-4000-8000-%012x", n) }
	seen := map[string]bool{}
	for _, id := range []string{"116680003", core, model} {
		file(international, "Terminology/sct2_Concept_Snapshot", id+" 20020131 1 "+model+" "+primitive)
	}
	for _, id := range append([]string{"138875005", internationalMaps, "248152002", "248153007"}, concepts...) {
		if !seen[id] {
			file(international, "Terminology/sct2_Concept_Snapshot", id+" 20020131 1 "+core+" "+primitive)
		}
		seen[id] = true
	}
	file(norwegian, "Terminology/sct2_Concept_Snapshot", norwegianModule+" 20141015 1 "+norwegianModule+" "+primitive)
	file(norwegian, "Terminology/sct2_Relationship_Snapshot", "100022 20141015 1 "+norwegianModule+" "+norwegianModule+" "+core+isA)
	if len(terms) > 0 {
		const descriptions, language = "Terminology/sct2_Description_Snapshot-no", "Refset/Language/der2_cRefset_LanguageSnapshot-nb"
		file(norwegian, "Terminology/sct2_Concept_Snapshot", "61000202103 20141015 1 "+norwegianModule+" "+primitive)
		file(norwegian, descriptions, "id effectiveTime active moduleId conceptId languageCode typeId term caseSignificanceId")
		file(norwegian, language, member+" acceptabilityId")
		for i, id := range slices.Sorted(maps.Keys(terms)) {
			description := fmt.Sprintf("%d1000202118", 10+i)
			norwegian[descriptions] = append(norwegian[descriptions], strings.Join([]string{description, "20200131", "1", norwegianModule, id, "no", "900000000000013009", terms[id], "900000000000448009"}, "\t"))
			file(norwegian, language, uuid()+" 20200131 1 "+norwegianModule+" 61000202103 "+description+" 900000000000548007")
		}
	}
	for _, r := range rows {
		to := international
		if r.module == norwegianModule {
			to = norwegian
		}
		const path = "Refset/Map/der2_iisssccRefset_ExtendedMapSnapshot"
		to[path] = append(to[path], strings.Join([]string{uuid(), "20200131", "1", r.module, "447562003", r.source, r.group, r.priority, r.rule, "ALWAYS " + r.target, r.target, "447561005", "447637006"}, "\t"))
	}
	const dependency = "Refset/Metadata/der2_ssRefset_ModuleDependencySnapshot"
	file(international, dependency, uuid()+" "+base+" 1 "+core+dependsOn+model+" "+base+" "+base)
	file(international, dependency, uuid()+" "+base+" 1 "+internationalMaps+dependsOn+core+" "+base+" "+base)
	for _, on := range []string{core, model, internationalMaps} {
		file(norwegian, dependency, uuid()+" "+day+" 1 "+norwegianModule+dependsOn+on+" "+day+" "+base)
	}
	asPackage := func(name, ending string, files map[string][]string) codesystem.Input {
		fsys := fstest.MapFS{}
		for path, lines := range files {
			fsys["Snapshot/"+path+ending] = &fstest.MapFile{Data: []byte(strings.Join(lines, "\r\n") + "\r\n")}
		}
		return codesystem.Input{Name: name, FS: fsys}
	}
	return []codesystem.Input{asPackage("international", "_INT_"+base+".txt", international), asPackage("norwegian", "_NO1000202_"+day+".txt", norwegian)}
}

// importInto imports inputs into a data folder.
func importInto(t *testing.T, data string, list []codesystem.Input, o codesystem.Options) {
	t.Helper()
	o.Today = "2026-11-22"
	sources, err := codesystem.Detect(list, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, src := range sources {
		if _, err := importer.Run(context.Background(), src, wiring.ImportOptions(data, "test")); err != nil {
			t.Fatal(err)
		}
	}
}

// laterServiceOf answers from a data folder; its releases are opened when they are first asked.
func laterServiceOf(t *testing.T, data string) *operation.Service {
	t.Helper()
	c, err := catalog.Open(data, wiring.OpenLater, catalog.Options{Language: "nb", Later: wiring.Readable})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return operation.New(c, operation.Options{})
}

// importFile imports a table by its mapping.
func importFile(t *testing.T, data string, f imported, version string) {
	t.Helper()
	m, err := table.Parse(f.file+".yaml", []byte(f.mapping))
	if err != nil {
		t.Fatal(err)
	}
	importInto(t, data, []codesystem.Input{{Name: "files", FS: fstest.MapFS{f.file: {Data: []byte(f.content)}}}}, codesystem.Options{Version: version, Mapping: m})
}
