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
	fat    bool // the download of the Directorate's FAT, or its workbook
	paged  bool // the pages of FAT's service
	groups bool // titles of chapters and blocks alone, in two columns without names
	// names gives the columns of the file the names of the download, those that have
	// been met: those of the workbook have spaces in them.
	names map[string]string
}

// name is the name that a column has in the download, or "".
func (l layout) name(column string) string {
	if !l.fat {
		return ""
	}
	name, met := l.names[column]
	if !met {
		name = fatColumns[fold(column)]
		l.names[column] = name
	}
	return name
}

// layouts are known by their columns, not by the names of files.
var layouts = []layout{
	{system: "system", code: "code", text: "text"},
	{code: "code", text: "text"},
	{code: "ICD10", text: "Tekst"},
	{code: "codeValue", text: "nameNorwegian", paged: true},
}

// The columns of the FAT download (Helsedirektoratet, code-systems/ICD10/download).
const (
	colCode       = "Kode"
	colText       = "Tekst_uten_lengdebegrensning"
	colShort      = "Tekst_med_maksimalt_60_tegn"
	colParent     = "Foreldrekode"
	colParentText = "Foreldrekodetekst"
	colValidFrom  = "Gyldig_fra"
	colValidTo    = "Gyldig_til"
	colReportable = "Rapporteres_til_NPR"
	colStar       = "Stjernekode"
)

// fatColumns gives the folded names of the columns of the FAT download.
var fatColumns = func() map[string]string {
	m := map[string]string{}
	for _, c := range []string{colCode, colText, colShort, colParent, colParentText, colReportable, "Kodeverk"} {
		m[fold(c)] = c
	}
	for c := range fatProperties {
		m[fold(c)] = c
	}
	return m
}()

func fold(column string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(column)), " ", "_")
}

// systemNames are what a system column may say.
var systemNames = []string{"ICD10", "ICD-10"}

// Match reports whether the head of a file is that of a Norwegian ICD-10. With
// asked, the caller has been told that it is, and only the columns must fit.
func Match(h tabular.Head, asked bool) bool {
	_, ok := layoutOf(h, asked)
	return ok
}

func layoutOf(h tabular.Head, asked bool) (layout, bool) {
	if isGroupList(h) {
		return layout{groups: true, code: "1", text: "2"}, true
	}
	if l, ok := fatLayout(h.Columns); ok {
		if _, mixed := l.names["Kodeverk"]; mixed {
			return l, false
		}
		_, reported := l.names[colReportable]
		_, starred := l.names[colStar]
		return l, reported || starred || asked || h.Format.JSON && mostly(h.Sample, l.code) || looksLikeICD10(h.Sample, l.code)
	}
	for _, l := range layouts {
		if !slices.Contains(h.Columns, l.code) || !slices.Contains(h.Columns, l.text) {
			continue
		}
		switch {
		case l.system != "":
			if !slices.Contains(h.Columns, l.system) {
				continue
			}
			return l, len(h.Sample) > 0 && slices.Contains(systemNames, h.Sample[0].Cell(l.system))
		case l.code == "ICD10":
			return l, true
		case l.paged:
			return l, asked || looksLikeICD10(h.Sample, l.code)
		}
		return l, asked || !slices.ContainsFunc(h.Sample, func(r *tabular.Record) bool { return strings.Contains(r.Cell(l.code), "-") }) && looksLikeICD10(h.Sample, l.code)
	}
	return layout{}, false
}

// fatLayout is the layout of the FAT download, whatever stands between the words of its
// columns.
func fatLayout(columns []string) (layout, bool) {
	l := layout{fat: true, names: map[string]string{}}
	for _, c := range columns {
		name, ok := fatColumns[fold(c)]
		if !ok {
			continue
		}
		l.names[name] = name
		switch name {
		case colCode:
			l.code = c
		case colText:
			l.text = c
		}
	}
	return l, l.code != "" && l.text != ""
}

// isGroupList reports whether a file of two columns without names holds the titles of
// chapters or blocks: its first code is one, and all are, but for the blocks of one
// category.
func isGroupList(h tabular.Head) bool {
	if h.Format.Delimiter == 0 || len(h.Columns) != 2 || groupCode(h.Columns[0]) == "" || !isGroup(groupCode(h.Columns[0])) {
		return false
	}
	for _, rec := range h.Sample {
		if code, _, _ := titleOf(rec.Cell(h.Columns[0]), rec.Cell(h.Columns[1])); code == "" {
			return false
		}
	}
	return true
}

// titleOf returns the code of a row of titles and its title. Some rows of a known list
// have a number in the place of the code, and the code before the title: moved is then
// true.
func titleOf(code, title string) (group, text string, moved bool) {
	title = strings.TrimSpace(title)
	if group = groupCode(code); group != "" || strings.Trim(code, "0123456789") != "" {
		return group, title, false
	}
	before, after, _ := strings.Cut(title, " ")
	return groupCode(before), strings.TrimSpace(after), true
}

// groupCode returns the code of a chapter, block or block of one category as lists of
// titles write it: a chapter may be written as its range.
func groupCode(s string) string {
	if from, to, ok := strings.Cut(s, "-"); ok {
		for _, c := range chapters {
			if c.from == from && c.to == to {
				return c.code
			}
		}
	}
	if code, ok := published(s); ok && code != root && (isGroup(code) || len(code) == 3) {
		return code
	}
	return ""
}

// mostly reports whether most codes have the form of ICD-10: the download has no column
// that names its code system, and other code systems may come in the same columns.
func mostly(sample []*tabular.Record, column string) bool {
	n := 0
	for _, rec := range sample {
		if _, ok := published(rec.Cell(column)); ok {
			n++
		}
	}
	return 2*n >= len(sample)
}

// looksLikeICD10 tells ICD-10 from ICPC-2 where no column says it: all codes
// have the form of an ICD-10 code, and most have more than three characters,
// which few ICPC-2 codes have. Blocks are of ICD-10 alone.
func looksLikeICD10(sample []*tabular.Record, column string) bool {
	long, blocks := 0, false
	for _, rec := range sample {
		code, ok := published(rec.Cell(column))
		if !ok {
			return false
		}
		blocks = blocks || code == root || isBlock(code)
		if len(code) > 3 {
			long++
		}
	}
	return blocks || 2*long > len(sample)
}
