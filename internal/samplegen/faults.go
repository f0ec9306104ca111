package main

import "strings"

// tinyConcepts are the concepts of the faulty packages: the fewest that hang
// together, as identifier, name and parent.
var tinyConcepts = [][3]string{
	{"138875005", "SNOMED CT Concept (SNOMED RT+CTV3)", ""},
	{"900000000000441003", "SNOMED CT Model Component (metadata)", "138875005"},
	{"106237007", "Linkage concept (linkage concept)", "900000000000441003"},
	{"246061005", "Attribute (attribute)", "106237007"},
	{"116680003", "Is a (attribute)", "246061005"},
	{"404684003", "Clinical finding (finding)", "138875005"},
	{"64572001", "Disease (disorder)", "404684003"},
	{"56265001", "Heart disease (disorder)", "64572001"},
	{"22298006", "Myocardial infarction (disorder)", "56265001"},
}

// tinyPackage holds the rows of a tiny package; a fault changes them.
type tinyPackage struct {
	kind, ending                                 string // Snapshot or Delta, INT_20250901
	concepts, descriptions, language, inferences []string
}

func newTinyPackage() *tinyPackage {
	p := &tinyPackage{kind: "Snapshot", ending: "INT_20250901"}
	mint := minter{}
	for _, c := range tinyConcepts {
		id, fsn, parent := c[0], c[1], c[2]
		p.concepts = append(p.concepts, row(id, "20020131", "1", coreModule, primitive))
		term := fsn[:strings.LastIndex(fsn, " (")]
		for _, d := range [][2]string{{fsnType, fsn}, {synonymType, term}} {
			description := mint.sctid(false, descriptionKind, id+d[1])
			p.descriptions = append(p.descriptions,
				row(description, "20020131", "1", coreModule, id, "en", d[0], d[1], caseInsensitive))
			p.language = append(p.language,
				row(memberUUID("tiny"+description), "20020131", "1", coreModule, usEnglish, description, preferred))
		}
		if parent != "" {
			p.isA(mint, id, parent)
		}
	}
	return p
}

func (p *tinyPackage) isA(mint minter, child, parent string) {
	p.inferences = append(p.inferences, row(mint.sctid(false, relationshipKind, child+parent), "20020131", "1",
		coreModule, child, parent, "0", isA, inferred, existential))
}

func row(columns ...string) string { return strings.Join(columns, "\t") }

func (p *tinyPackage) files(name string) []File {
	folder := "rf2-bad/" + name + "/" + p.kind + "/"
	file := func(stem, language, header string, rows []string) File {
		stem = strings.Replace(stem, "Snapshot", p.kind, 1)
		return File{folder + stem + language + "_" + p.ending + ".txt",
			lines(false, append([]string{strings.ReplaceAll(header, " ", "\t")}, rows...))}
	}
	return []File{
		file("Terminology/sct2_Concept_Snapshot", "", component+"definitionStatusId", p.concepts),
		file("Terminology/sct2_Description_Snapshot", "-en", descriptionRow, p.descriptions),
		file("Terminology/sct2_Relationship_Snapshot", "", component+"sourceId destinationId"+relationshipTail, p.inferences),
		file("Refset/Language/der2_cRefset_LanguageSnapshot", "-en", languageRow, p.language),
	}
}

// faultyPackages returns a package without a fault, control, and one package a
// fault. The folder is named after the fault.
func faultyPackages() []File {
	var files []File
	last := func(rows []string) *string { return &rows[len(rows)-1] }
	replace := func(s *string, old, with string) { *s = strings.Replace(*s, old, with, 1) }
	for _, fault := range []struct {
		name   string
		damage func(*tinyPackage)
	}{
		{"control", func(*tinyPackage) {}},
		{"check-digit", func(p *tinyPackage) { // 22298006 with another last digit
			p.concepts = append(p.concepts, row("22298007", "20020131", "1", coreModule, primitive))
		}},
		{"date", func(p *tinyPackage) { replace(last(p.concepts), "20020131", "20021331") }},
		{"too-few-columns", func(p *tinyPackage) { replace(last(p.descriptions), "\t"+caseInsensitive, "") }},
		{"not-utf8", func(p *tinyPackage) { // a word in ISO 8859-1
			replace(last(p.descriptions), "Myocardial infarction", "Hjertesvikt p\xe5vist")
		}},
		{"without-base", func(p *tinyPackage) { // an extension whose parent is in no file
			*p = tinyPackage{kind: "Snapshot", ending: "NO1000202_20250915"}
			mint, id, fsn := minter{}, "367821000202101", "Premenstrual headache (finding)"
			description := mint.sctid(true, descriptionKind, id)
			p.concepts = []string{row(id, "20230415", "1", norwayModule, primitive)}
			p.descriptions = []string{row(description, "20230415", "1", norwayModule, id, "en", fsnType, fsn, caseInsensitive)}
			p.language = []string{row(memberUUID(description), "20230415", "1", norwayModule, usEnglish, description, preferred)}
			p.inferences = []string{row(mint.sctid(true, relationshipKind, id), "20230415", "1", norwayModule,
				id, "25064002", "0", isA, inferred, existential)}
		}},
		{"delta-only", func(p *tinyPackage) { p.kind = "Delta" }},
		{"cycle", func(p *tinyPackage) { // heart disease becomes a kind of infarction
			p.isA(minter{}, "56265001", "22298006")
		}},
		{"active-flag", func(p *tinyPackage) { replace(last(p.concepts), "\t1\t", "\t2\t") }},
	} {
		p := newTinyPackage()
		fault.damage(p)
		files = append(files, p.files(fault.name)...)
	}
	return files
}
