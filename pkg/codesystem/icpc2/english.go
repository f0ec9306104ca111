package icpc2

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// The columns of ICPC-2e beside code, preferred and shortTitle. The others (exclusion,
// criteria, consider, note) become properties under their own names.
const (
	colInclusion = "inclusion"
	colTargets   = "icd10"
)

// useInclusion is the use of a term that is coded under a code, as in ClaML.
const useInclusion = "inclusion"

// english reads the cells of a row of ICPC-2e. Spaces at the ends of cells, and what is
// untidy in its list of ICD-10 codes, are repaired, and told once a row.
func (r *row) english(rec *tabular.Record, to terminology.Sink) error {
	repair := (*terminology.RowError)(nil)
	for column, cell := range rec.Cells() {
		text := strings.TrimSpace(strings.ReplaceAll(cell, "\u00a0", " "))
		if text != cell && repair == nil && column != colTargets {
			repair = rec.Bad(column, "the space at the ends of the cell is left out")
		}
		if text == "" {
			continue
		}
		switch column {
		case englishLayout.code:
		case englishLayout.text:
			r.text = text
		case englishLayout.short:
			r.short = text
		case colInclusion:
			for term := range strings.SplitSeq(text, ";") {
				if term = strings.TrimSpace(term); term != "" {
					r.terms = append(r.terms, terminology.Designation{Language: "en", Use: useInclusion, Term: term})
				}
			}
		case colTargets:
			codes, untidy, err := targets(rec, cell)
			if err != nil {
				return err
			}
			for _, code := range codes {
				r.add(colTargets, code, terminology.ValueString)
			}
			if untidy != nil {
				repair = untidy
			}
		default:
			r.add(column, text, terminology.ValueString)
		}
	}
	if repair != nil {
		to.Repaired(repair)
	}
	return nil
}

// english reads a row of ICPC-2e for the map to WHO's ICD-10. Process codes have no
// targets.
func (m *pairs) english(rec *tabular.Record, to terminology.Sink) error {
	source := strings.TrimSpace(rec.Cell(englishLayout.code))
	if classOf(source) == none {
		return rec.Bad(englishLayout.code, "%q is not a code of ICPC-2", source)
	}
	codes, untidy, err := targets(rec, rec.Cell(colTargets))
	if err != nil {
		return err
	}
	if untidy != nil {
		to.Repaired(untidy)
	}
	for _, code := range codes {
		if err := m.add(rec, colTargets, source, code); err != nil {
			return err
		}
	}
	return nil
}

// targets returns the codes of a list of ICD-10 codes with semicolons between them. A
// comma for a dot (K64,1), a comma for a semicolon, a semicolon at an end, spaces and a
// code that comes again are untidy: repaired is then what to tell of them.
func targets(rec *tabular.Record, cell string) (codes []string, repaired *terminology.RowError, err error) {
	list := strings.TrimSpace(cell)
	if list == "" {
		return nil, nil, nil
	}
	var untidy []string
	if list != cell {
		untidy = append(untidy, "space at the ends")
	}
	for item := range strings.SplitSeq(list, ";") {
		item = strings.TrimSpace(item)
		parts := []string{item}
		switch code, ok := icd10(strings.Replace(item, ",", ".", 1)); {
		case item == "":
			untidy = append(untidy, "a semicolon without a code")
			continue
		case ok && code != item:
			parts[0] = code
			untidy = append(untidy, fmt.Sprintf("%s is taken as %s", item, code))
		case !ok && strings.Contains(item, ","):
			parts = strings.FieldsFunc(item, func(r rune) bool { return r == ',' || r == ' ' })
			untidy = append(untidy, fmt.Sprintf("%q is taken as %d codes", item, len(parts)))
		}
		for _, part := range parts {
			code, ok := icd10(part)
			if !ok {
				return nil, nil, rec.Bad(colTargets, "%q is not an ICD-10 code", part)
			}
			if slices.Contains(codes, code) {
				untidy = append(untidy, code+" comes again")
				continue
			}
			codes = append(codes, code)
		}
	}
	if len(untidy) > 0 {
		repaired = rec.Bad(colTargets, "%s", strings.Join(untidy, ", "))
	}
	return codes, repaired, nil
}
