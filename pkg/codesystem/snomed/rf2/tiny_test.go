package rf2_test

import (
	"fmt"
	"io/fs"
	"strings"
	"testing/fstest"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
)

// Headers of the files that tests write.
const (
	headConcept     = "id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId"
	headDescription = "id\teffectiveTime\tactive\tmoduleId\tconceptId\tlanguageCode\ttypeId\tterm\tcaseSignificanceId"
	headRelation    = "id\teffectiveTime\tactive\tmoduleId\tsourceId\tdestinationId\trelationshipGroup\ttypeId\tcharacteristicTypeId\tmodifierId"
	headConcrete    = "id\teffectiveTime\tactive\tmoduleId\tsourceId\tvalue\trelationshipGroup\ttypeId\tcharacteristicTypeId\tmodifierId"
	headMember      = "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId"
	headMap         = headMember + "\tmapGroup\tmapPriority\tmapRule\tmapAdvice\tmapTarget\tcorrelationId\tmapCategoryId"
	headDependency  = headMember + "\tsourceEffectiveTime\ttargetEffectiveTime"
	headIdentifier  = "alternateIdentifier\teffectiveTime\tactive\tmoduleId\tidentifierSchemeId\treferencedComponentId"
)

// Names of the files that tests write.
const (
	fileConcept     = "Snapshot/Terminology/sct2_Concept_Snapshot_INT_20250101.txt"
	fileDescription = "Snapshot/Terminology/sct2_Description_Snapshot-en_INT_20250101.txt"
	fileDefinition  = "Snapshot/Terminology/sct2_TextDefinition_Snapshot-en_INT_20250101.txt"
	fileRelation    = "Snapshot/Terminology/sct2_Relationship_Snapshot_INT_20250101.txt"
	fileStated      = "Snapshot/Terminology/sct2_StatedRelationship_Snapshot_INT_20250101.txt"
	fileConcrete    = "Snapshot/Terminology/sct2_RelationshipConcreteValues_Snapshot_INT_20250101.txt"
	fileIdentifier  = "Snapshot/Terminology/sct2_Identifier_Snapshot_INT_20250101.txt"
	fileOWL         = "Snapshot/Terminology/sct2_sRefset_OWLExpressionSnapshot_INT_20250101.txt"
	fileLanguage    = "Snapshot/Refset/Language/der2_cRefset_LanguageSnapshot-en_INT_20250101.txt"
	fileAssociation = "Snapshot/Refset/Content/der2_cRefset_AssociationSnapshot_INT_20250101.txt"
	fileSimple      = "Snapshot/Refset/Content/der2_Refset_SimpleSnapshot_INT_20250101.txt"
	fileMap         = "Snapshot/Refset/Map/der2_iisssccRefset_ExtendedMapSnapshot_INT_20250101.txt"
	fileSimpleMap   = "Snapshot/Refset/Map/der2_sRefset_SimpleMapSnapshot_INT_20250101.txt"
	fileDependency  = "Snapshot/Refset/Metadata/der2_ssRefset_ModuleDependencySnapshot_INT_20250101.txt"
)

// lines writes a file: cells are parted by spaces, and an underscore in a cell
// stands for a space.
func lines(header string, rows ...string) *fstest.MapFile {
	var b strings.Builder
	b.WriteString(header + "\r\n")
	for _, row := range rows {
		row = strings.ReplaceAll(row, " ", "\t")
		b.WriteString(strings.ReplaceAll(row, "_", " ") + "\r\n")
	}
	return &fstest.MapFile{Data: []byte(b.String())}
}

// uuid returns a member id of its own.
func uuid(n int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012x", n) }

const (
	core  = "900000000000207008"
	model = "900000000000012004"
	norw  = "51000202101"
	prim  = "900000000000074008"
	full  = "900000000000073002"
	fsn   = "900000000000003001"
	syn   = "900000000000013009"
	ci    = "900000000000448009"
	infer = "900000000000011006"
	some  = "900000000000451002"
	isA   = "116680003"
)

// tiny is a package with one file of every kind: myocardial infarction and what it
// needs.
func tiny() fstest.MapFS {
	return fstest.MapFS{
		"Readme.txt":                       {Data: []byte("not a release file\n")},
		"release_package_information.json": {Data: []byte("{}")},
		fileConcept: lines(headConcept,
			"138875005 20020131 1 "+core+" "+prim,
			"404684003 20020131 1 "+core+" "+prim,
			"22298006 20020131 1 "+core+" "+full,
			"57054005 20020131 0 "+core+" "+prim,
			"363698007 20020131 1 "+core+" "+prim,
			"74281007 20020131 1 "+core+" "+prim,
			"1142139005 20210131 1 "+core+" "+prim,
			isA+" 20020131 1 "+model+" "+prim,
			core+" 20020131 1 "+model+" "+prim,
			model+" 20020131 1 "+model+" "+prim),
		fileDescription: lines(headDescription,
			"37436014 20170731 1 "+core+" 22298006 en "+syn+" Myocardial_infarction "+ci,
			"751689013 20170731 1 "+core+" 22298006 en "+fsn+" Myocardial_infarction_(disorder) "+ci,
			"37442013 20170731 0 "+core+` 22298006 en `+syn+` Infarction_"of"_heart 900000000000020002`),
		fileDefinition: lines(headDescription,
			"2884458015 20030731 1 "+core+" 22298006 en 900000000000550004 Death_of_heart_muscle 900000000000017005"),
		fileRelation: lines(headRelation,
			"100022 20020131 1 "+core+" 404684003 138875005 0 "+isA+" "+infer+" "+some,
			"101021 20020131 1 "+core+" 22298006 404684003 0 "+isA+" "+infer+" "+some,
			"102025 20020131 1 "+core+" 22298006 74281007 1 363698007 "+infer+" "+some,
			"103024 20020131 0 "+core+" 57054005 404684003 0 "+isA+" "+infer+" "+some),
		fileStated: lines(headRelation),
		fileConcrete: lines(headConcrete,
			"104029 20210131 1 "+core+" 22298006 #2.50 1 1142139005 "+infer+" "+some,
			"105028 20210131 1 "+core+" 22298006 #10 2 1142139005 "+infer+" "+some,
			"106027 20210131 1 "+core+` 22298006 "10_mg" 3 1142139005 `+infer+" "+some,
			"107020 20210131 1 "+core+" 22298006 true 4 1142139005 "+infer+" "+some),
		fileIdentifier: lines(headIdentifier, "634-6 20210131 1 "+core+" 705114005 22298006"),
		fileOWL: lines(headMember+"\towlExpression",
			uuid(1)+" 20210131 1 "+core+" 733073007 22298006 SubClassOf(:22298006_:404684003)"),
		fileLanguage: lines(headMember+"\tacceptabilityId",
			uuid(2)+" 20170731 1 "+core+" 900000000000509007 37436014 900000000000548007",
			uuid(3)+" 20170731 1 "+core+" 900000000000508004 37436014 900000000000549004",
			uuid(4)+" 20170731 0 "+core+" 900000000000508004 751689013 900000000000549004",
			uuid(5)+" 20170731 1 "+core+" 900000000000509007 680946014 900000000000548007"),
		fileAssociation: lines(headMember+"\ttargetComponentId",
			uuid(6)+" 20170731 1 "+core+" 900000000000527005 57054005 22298006",
			uuid(7)+" 20170731 1 "+core+" 900000000000523009 57054005 22298006"),
		fileSimple: lines(headMember, uuid(8)+" 20170731 1 "+core+" 723264001 74281007"),
		fileSimpleMap: lines(headMember+"\tmapTarget",
			uuid(9)+" 20170731 1 "+core+" 450993002 22298006 K75"),
		fileMap: lines(headMap,
			uuid(11)+" 20170731 1 449080006 447562003 22298006 1 2 OTHERWISE_TRUE ALWAYS_I21.9 I21.9 447561005 447637006",
			uuid(10)+" 20170731 1 449080006 447562003 22298006 1 1 TRUE ALWAYS_I21.0 I21.0 447557004 447637006",
			uuid(12)+" 20170731 0 449080006 447562003 22298006 2 1 TRUE ALWAYS_I22.0 I22.0 447561005 447637006"),
		fileDependency: lines(headDependency,
			uuid(13)+" 20250101 1 "+core+" 900000000000534007 "+model+" 20250101 20250101",
			uuid(14)+" 20250101 1 449080006 900000000000534007 "+core+" 20250101 20250101"),
	}
}

// sctid returns the identifier of an item in a partition, with its check digit.
func sctid(item, partition int) string {
	for check := range 10 {
		s := fmt.Sprintf("%d%02d%d", item, partition, check)
		if _, ok := snomed.ScanID(s); ok {
			return s
		}
	}
	panic("every item has a check digit")
}

// manyRows is a package with n rows in each of five large files.
func manyRows(n int) fs.FS {
	fsys := tiny()
	add := func(name string, row func(i int) string) {
		var b strings.Builder
		b.Write(fsys[name].Data)
		for i := range n {
			b.WriteString(strings.ReplaceAll(row(i), " ", "\t") + "\r\n")
		}
		fsys[name] = &fstest.MapFile{Data: []byte(b.String())}
	}
	const first = 5_000_000
	add(fileConcept, func(i int) string { return sctid(first+i, 0) + " 20200131 1 " + core + " " + prim })
	add(fileDescription, func(i int) string {
		return sctid(first+i, 1) + " 20200131 1 " + core + " " + sctid(first+i, 0) + " en " + syn + " term " + ci
	})
	add(fileRelation, func(i int) string {
		return sctid(first+i, 2) + " 20200131 1 " + core + " " + sctid(first+i, 0) + " 404684003 0 " + isA + " " + infer + " " + some
	})
	add(fileLanguage, func(i int) string {
		return uuid(first+i) + " 20200131 1 " + core + " 900000000000509007 " + sctid(first+i, 1) + " 900000000000548007"
	})
	add(fileSimple, func(i int) string { return uuid(2*first+i) + " 20200131 1 " + core + " 723264001 " + sctid(first+i, 0) })
	return fsys
}
