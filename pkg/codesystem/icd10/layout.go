package icd10

import (
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
)

// layout is one of the files in which the Norwegian ICD-10 comes: which column
// is what. An empty name means that the file has no such column.
type layout struct {
	system string // column that names the code system
	code   string
	text   string
	fat    bool // the download of the Directorate's FAT, with all columns
}

// layouts are known by their columns, not by the names of files.
var layouts = []layout{
	{code: "Kode", text: "Tekst_uten_lengdebegrensning", fat: true},
	{system: "system", code: "code", text: "text"},
	{code: "code", text: "text"},
	{code: "ICD10", text: "Tekst"},
}

// The columns of the FAT download (Helsedirektoratet, code-systems/ICD10/download).
const (
	colShort      = "Tekst_med_maksimalt_60_tegn"
	colParent     = "Foreldrekode"
	colParentText = "Foreldrekodetekst"
	colValidTo    = "Gyldig_til"
	colReportable = "Rapporteres_til_NPR"
)

// systemNames are what a system column may say.
var systemNames = []string{"ICD10", "ICD-10"}

// Match reports whether the head of a file is that of a Norwegian ICD-10. With
// asked, the caller has been told that it is, and only the columns must fit.
func Match(h tabular.Head, asked bool) bool {
	_, ok := layoutOf(h, asked)
	return ok
}

func layoutOf(h tabular.Head, asked bool) (layout, bool) {
	for _, l := range layouts {
		if !slices.Contains(h.Columns, l.code) || !slices.Contains(h.Columns, l.text) {
			continue
		}
		switch {
		case l.fat:
			return l, !slices.Contains(h.Columns, "Kodeverk")
		case l.system != "":
			if !slices.Contains(h.Columns, l.system) {
				continue
			}
			return l, len(h.Sample) > 0 && slices.Contains(systemNames, h.Sample[0].Cell(l.system))
		case l.code == "ICD10":
			return l, true
		}
		return l, asked || looksLikeICD10(h.Sample)
	}
	return layout{}, false
}

// looksLikeICD10 tells ICD-10 from ICPC-2 where no column says it: all codes
// have the form of an ICD-10 code, and most have more than three characters,
// which few ICPC-2 codes have.
func looksLikeICD10(sample []*tabular.Record) bool {
	long := 0
	for _, rec := range sample {
		code, ok := published(rec.Cell("code"))
		if !ok || strings.Contains(rec.Cell("code"), "-") {
			return false
		}
		if len(code) > 3 {
			long++
		}
	}
	return 2*long > len(sample)
}
