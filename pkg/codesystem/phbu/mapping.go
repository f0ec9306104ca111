package phbu

import (
	"github.com/kodeks/kodeks/pkg/codesystem/table"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// columns are the columns of the files by the names that they are to be expected with.
var columns = table.Columns{
	Axis:    table.Names{"Akse", "Aksenr", "Aksenummer", "Axis"},
	Code:    table.Names{"Kode", "Kodeverdi", "code", "codeValue"},
	Display: table.Names{"Tekst_uten_lengdebegrensning", "Tekst", "Kodetekst", "Navn", "Betegnelse", "nameNorwegian", "text"},
	Designations: []table.Designation{
		{Column: table.Names{"Tekst_med_maksimalt_60_tegn", "Kort tekst", "Korttekst"}, Use: terminology.UseShort},
		{Column: table.Names{"nameEnglish", "Engelsk tekst"}, Language: "en", Use: terminology.UseDisplay},
		{Column: table.Names{"Definisjon", "Forklaring", "Beskrivelse"}, Use: terminology.UseDefinition},
	},
	ValidFrom:  table.Names{"Gyldig_fra", "Gyldig fra dato"},
	ValidTo:    table.Names{"Gyldig_til", "Gyldig til dato"},
	Status:     table.Flag{Column: table.Names{"active", "Status"}, Values: table.Names{"false", "Utgått", "Inaktiv"}},
	ReplacedBy: table.Names{"Erstattes av", "Erstattet av"},
	SortOrder:  table.Names{"Rekkefølge", "Sortering"},
}

var mapping = table.Mapping{
	System:  table.System{URI: System, Name: "phbu", Title: "Psykisk helsevern for barn og unge, multiaksial klassifikasjon (PHBU)"},
	Columns: columns,
	Rules:   table.Rules{Code: published, Above: above, Group: groupText, Doubt: doubt},
}

// Match reports whether the head of a file is that of PHBU: columns of codes, texts and
// axes, with an axis in each of the first rows.
func Match(h tabular.Head) bool {
	axis, ok := table.Find(h, columns.Axis)
	_, code := table.Find(h, columns.Code)
	_, text := table.Find(h, columns.Display)
	if !ok || !code || !text || len(h.Sample) == 0 {
		return false
	}
	for _, rec := range h.Sample {
		if _, ok := axisOf(rec.Cell(axis)); !ok {
			return false
		}
	}
	return true
}

// NewSource returns the source of a file. The error is Invalid when it lacks a column of
// axes, codes or texts.
func NewSource(file terminology.SourceFile, o terminology.SourceOptions) (*table.Source, error) {
	sources, err := table.NewSources(file, &mapping, o)
	if err != nil {
		return nil, err
	}
	return sources[0], nil
}
