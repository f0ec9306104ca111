package nkpk

import (
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/table"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// systemColumn are the names of the column that tells the code systems apart.
var systemColumn = table.Names{"system", "Kodeverk", "Kodeverksnavn", "Kodesystem"}

// columns are the columns of the files by the names that they have been seen or are to
// be expected with.
var columns = table.Columns{
	Code:    table.Names{"code", "Kode", "Kodeverdi", "Prosedyrekode", "codeValue", "CodeId"},
	Display: table.Names{"text", "Tekst_uten_lengdebegrensning", "Tekst", "Kodetekst", "Beskrivelse", "Betegnelse", "nameNorwegian", "LongName"},
	Designations: []table.Designation{
		{Column: table.Names{"Tekst_med_maksimalt_60_tegn", "Kort tekst", "Korttekst", "ShortName"}, Use: terminology.UseShort},
		{Column: table.Names{"nameEnglish", "Engelsk tekst"}, Language: "en", Use: terminology.UseDisplay},
		{Column: table.Names{"Synonym", "Synonymer"}, Separator: ";"},
		{Column: table.Names{"Definisjon", "Forklaring"}, Use: terminology.UseDefinition},
	},
	ValidFrom:  table.Names{"Gyldig_fra", "Gyldig fra dato", "BeginningDate"},
	ValidTo:    table.Names{"Gyldig_til", "Gyldig til dato", "ExpiringDate"},
	Status:     table.Flag{Column: table.Names{"active", "Status"}, Values: table.Names{"false", "Utgått", "Inaktiv"}},
	ReplacedBy: table.Names{"Erstattes av", "Erstattet av", "Erstatningskode"},
	SortOrder:  table.Names{"Rekkefølge", "Sortering"},
}

// one returns the code system of one kind.
func one(uri, name, title string, k kind, values ...string) table.System {
	rules := &table.Rules{Code: published(k), Above: func(code string) string { return above(k, code) }, Group: groupText(k), Row: tell,
		Abstract: func(code string) bool { return kindOf(code) == group },
		Holds:    func(code string) bool { return kindOf(code) == k },
	}
	return table.System{URI: uri, Name: name, Title: title, Value: values, Rules: rules}
}

// mapping returns what the columns of a file mean, for each of its code systems, or for
// all of them as one.
func mapping(all bool) *table.Mapping {
	m := &table.Mapping{Columns: columns}
	if all {
		m.System = table.System{URI: System, Name: "nkpk", Title: "Norsk klinisk prosedyrekodeverk (NKPK)"}
		m.Rules = table.Rules{Code: published(none), Above: aboveInAll, Group: groupTextInAll, Row: tellInAll}
		return m
	}
	m.Systems = table.Systems{Column: systemColumn, List: []table.System{
		one(NCSP, "ncsp", "NCSP-N, kirurgiske prosedyrer", ncsp, "NCSP", "NCSP-N", "K", "7210"),
		one(NCMP, "ncmp", "NCMP, medisinske prosedyrer", ncmp, "NCMP", "M", "7220"),
		one(NCRP, "ncrp", "NCRP, radiologiske prosedyrer", ncrp, "NCRP", "R", "7270"),
		one(Saerkoder, "saerkoder", "Nasjonale særkoder", saerkode, "Særkoder", "Særkode", "Nasjonale særkoder", "7020"),
	}}
	return m
}

// Match reports whether the head of a file is that of procedure codes: whether it has
// columns of codes and texts, and all codes that it begins with have the form of one of
// the code systems, or a column says so. With asked, the caller has been told that it
// is, and the columns and the first code must fit.
func Match(h tabular.Head, asked bool) bool {
	m := mapping(false)
	code, ok := table.Find(h, columns.Code)
	if _, text := table.Find(h, columns.Display); !ok || !text || len(h.Sample) == 0 {
		return false
	}
	if column, ok := table.Find(h, systemColumn); ok {
		value := strings.TrimSpace(h.Sample[0].Cell(column))
		return slices.ContainsFunc(m.Systems.List, func(s table.System) bool {
			return slices.ContainsFunc(s.Value, func(v string) bool { return strings.EqualFold(v, value) })
		})
	}
	procedures, saerkoder := 0, 0
	for _, rec := range h.Sample {
		switch c := canonical(rec.Cell(code)); kindOf(c) {
		case none:
			return asked && procedures > 0
		case saerkode: // which could be codes of ICD-10 without their point
			saerkoder++
		case ncsp, ncmp, ncrp:
			if strings.ContainsAny(c, "0123456789") { // else it could be a word
				procedures++
			}
		}
	}
	return procedures > 0 || asked && saerkoder > 0
}

// NewSources returns the sources of a file: one for each code system that it holds, or
// one for all of them when NKPK is asked for. The error is Invalid when the file lacks a
// column of codes or texts.
func NewSources(file terminology.SourceFile, o terminology.SourceOptions) ([]*table.Source, error) {
	return table.NewSources(file, mapping(o.Asked == System), o)
}
