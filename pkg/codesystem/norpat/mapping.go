package norpat

import (
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/table"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// schemeColumn tells of each row of the load file that it is one of NORPAT.
const schemeColumn = "coding_scheme"

// columns are the columns of the files by the names that they have been seen or are to
// be expected with.
var columns = table.Columns{
	Code:    table.Names{"code", "Kode", "Kodeverdi", "NORPAT-kode", "codeValue"},
	Display: table.Names{"code_display_text", "Tekst_uten_lengdebegrensning", "Tekst", "Kodetekst", "Navn", "Betegnelse", "nameNorwegian", "text"},
	Designations: []table.Designation{
		{Column: table.Names{"Tekst_med_maksimalt_60_tegn", "Kort tekst", "Korttekst"}, Use: terminology.UseShort},
		{Column: table.Names{"nameEnglish", "Engelsk", "Engelsk tekst"}, Language: "en", Use: terminology.UseDisplay},
		{Column: table.Names{"Latin", "Latinsk"}, Language: "la", Use: terminology.UseDisplay},
		{Column: table.Names{"Synonym", "Synonymer"}, Separator: ";"},
	},
	Parent: table.Parent{Row: table.Names{"parent_code"}, ID: table.Names{"id"}, Missing: "keep"},
	Properties: []table.Property{
		{Column: table.Names{schemeColumn}, Name: "coding-scheme"},
	},
	ValidFrom:  table.Names{"valid_from", "Gyldig_fra", "Gyldig fra dato"},
	ValidTo:    table.Names{"valid_until", "Gyldig_til", "Gyldig til dato"},
	Status:     table.Flag{Column: table.Names{"active", "Status"}, Values: table.Names{"false", "Utgått", "Inaktiv"}},
	ReplacedBy: table.Names{"Erstattes av", "Erstattet av"},
}

// byCode is where files other than the load file have the code above.
var byCode = table.Parent{Code: table.Names{"Foreldrekode", "parentCode", "Overordnet kode"}, Missing: "keep"}

func mapping(h tabular.Head) *table.Mapping {
	m := &table.Mapping{
		System:  table.System{URI: System, Name: "norpat", Title: "Norsk patologikodeverk (NORPAT)"},
		Columns: columns,
		Rules: table.Rules{Code: published, Above: above, Row: tell,
			Group: func(code, _, _ string) string {
				if name := axisNames[code]; name != "" {
					return name
				}
				return "Akse " + code
			}},
	}
	if _, ok := table.Find(h, columns.Parent.Row); !ok {
		m.Columns.Parent = byCode
	}
	return m
}

// Match reports whether the head of a file is that of NORPAT: whether it has columns of
// codes and texts, and a column says so or all codes that it begins with have the form
// of NORPAT and most of them a digit after the letter of an axis. With asked, the caller
// has been told that it is, and the columns and the first code must fit.
func Match(h tabular.Head, asked bool) bool {
	code, ok := table.Find(h, columns.Code)
	if _, text := table.Find(h, columns.Display); !ok || !text || len(h.Sample) == 0 {
		return false
	}
	if column, ok := table.Find(h, table.Names{schemeColumn}); ok {
		scheme := h.Sample[0].Cell(column)
		return scheme == "NORPAT" || scheme == "APAT"
	}
	digits := 0
	for i, rec := range h.Sample {
		c, ok := canonical(rec.Cell(code))
		switch {
		case !ok || !strings.Contains(axes, c[:1]):
			return asked && i > 0
		case c[1] >= '0' && c[1] <= '9':
			digits++
		}
	}
	return asked || 2*digits > len(h.Sample)
}

// NewSource returns the source of a file. The error is Invalid when it lacks a column of
// codes or texts.
func NewSource(file terminology.SourceFile, o terminology.SourceOptions) (*table.Source, error) {
	head, err := tabular.SniffFile(file)
	if err != nil {
		return nil, err
	}
	sources, err := table.NewSources(file, mapping(head), o)
	if err != nil {
		return nil, err
	}
	return sources[0], nil
}
