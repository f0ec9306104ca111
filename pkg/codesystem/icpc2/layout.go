package icpc2

import (
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
)

// Content is what a file may hold; each is a release of its own.
type Content uint8

// The contents.
const (
	ICPC2          Content = iota // the code system ICPC-2 in Norwegian
	ICPC2B                        // the code system ICPC-2B
	ToICD10                       // the map from ICPC-2B to the Norwegian ICD-10
	English                       // the code system ICPC-2 in English, ICPC-2e
	EnglishToICD10                // the map from ICPC-2e to WHO's ICD-10
)

// layout is one of the files in which ICPC-2 comes: which column is what. An
// empty name means that the file has no such column.
type layout struct {
	system     string // column that names the code system of the row
	code       string
	text       string
	short      string
	parent     string
	parentText string
	chapter    string
	mixed      bool // codes of ICPC-2 and ICPC-2B, told apart by their form
	paged      bool // the pages of the Directorate's service
	english    bool // ICPC-2e
}

// The layouts are known by their columns, not by the names of files.
var (
	fatLayout = layout{system: "Kodeverk", code: "Kode", text: "Tekst_uten_lengdebegrensning",
		short: "Tekst_med_maksimalt_60_tegn", parent: "Foreldrekode", parentText: "Foreldrekodetekst"}
	systemLayout  = layout{system: "system", code: "code", text: "text", parent: "parent_code", parentText: "parent_text"}
	plainLayout   = layout{code: "code", text: "text"}
	tableLayout   = layout{code: "icpc2_kode", text: "icpc2_tekst", chapter: "icpc2_Kap"}
	pageLayout    = layout{code: "codeValue", text: "nameNorwegian", parent: "parentCode", mixed: true, paged: true}
	englishLayout = layout{code: "Code", text: "preferred", short: "shortTitle", english: true}
)

// The columns of the map from ICPC-2B to ICD-10.
const (
	mapSource = "ICPC2B_kode"
	mapTarget = "ICPC2B_ICD10_Kode"
)

// contentOf are what a system column may say.
var contentOf = map[string]Content{"ICPC2": ICPC2, "ICPC-2": ICPC2, "ICPC2B": ICPC2B, "ICPC-2B": ICPC2B}

// Match reports whether the head of a file is that of ICPC-2, ICPC-2B or the
// map. With asked, the caller has been told that it is, and only the columns
// must fit.
func Match(h tabular.Head, asked bool) bool {
	_, ok := layoutOf(h, asked)
	return ok || isMap(h)
}

func isMap(h tabular.Head) bool {
	return slices.Contains(h.Columns, mapSource) && slices.Contains(h.Columns, mapTarget)
}

func layoutOf(h tabular.Head, asked bool) (layout, bool) {
	has := func(columns ...string) bool {
		for _, c := range columns {
			if !slices.Contains(h.Columns, c) {
				return false
			}
		}
		return true
	}
	fat := spelled(fatLayout, h.Columns)
	switch {
	case has(fat.system, fat.code, fat.text):
		return fat, true
	case has(fat.code, fat.text):
		fat.system, fat.mixed = "", true
		return fat, asked || looksLikeICPC2(h.Sample, fat.code)
	case has(tableLayout.code, tableLayout.text):
		return tableLayout, true
	case has(pageLayout.code, pageLayout.text):
		return pageLayout, asked || looksLikeICPC2(h.Sample, pageLayout.code)
	case has(englishLayout.code, englishLayout.text, englishLayout.short, colTargets):
		return englishLayout, true
	case has(systemLayout.system, systemLayout.code, systemLayout.text) && len(h.Sample) > 0:
		_, ok := contentOf[h.Sample[0].Cell(systemLayout.system)]
		return systemLayout, ok
	case has(plainLayout.code, plainLayout.text) && !has(systemLayout.system):
		return plainLayout, asked || looksLikeICPC2(h.Sample, plainLayout.code)
	}
	return layout{}, false
}

// spelled gives a layout the columns as a file writes them: the Directorate's workbooks
// have spaces in their names.
func spelled(l layout, columns []string) layout {
	for _, name := range []*string{&l.system, &l.code, &l.text, &l.short, &l.parent, &l.parentText} {
		for _, c := range columns {
			if fold(c) == fold(*name) {
				*name = c
			}
		}
	}
	return l
}

func fold(column string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(column)), " ", "_")
}

// looksLikeICPC2 tells ICPC-2 from ICD-10 where no column says it: all codes have
// the form of ICPC-2 or ICPC-2B, and at least half have three characters, which few
// ICD-10 codes have, or a form that ICD-10 does not have.
func looksLikeICPC2(sample []*tabular.Record, column string) bool {
	ours := 0
	for _, rec := range sample {
		s := rec.Cell(column)
		c := classOf(s)
		_, isB := codeB(s)
		if c == none && !isB && !isRoot(s) {
			return false
		}
		if len(s) <= 3 || c == component || isB {
			ours++
		}
	}
	return len(sample) > 0 && 2*ours >= len(sample)
}
