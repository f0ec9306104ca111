package codesystem

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// supported is what Detect finds, for messages.
const supported = "an RF2 package of SNOMED CT; a file of a code system in a form of its publisher (JSON, CSV, .xlsx, ClaML or other XML, also packed by gzip); " +
	"FHIR resources or a package of them (.tgz); or any table with --mapping"

// maxNames is how many file names a message shows.
const maxNames = 10

func importable() string {
	var names []string
	for _, s := range list {
		if s.Import {
			names = append(names, s.Short[0])
		}
	}
	return strings.Join(names, ", ")
}

// passed is a file that no reader knows.
type passed struct {
	where string
	file  terminology.SourceFile
	head  tabular.Head
}

// nothing is the error of an input that holds nothing that we can read.
func (d *detector) nothing(in Input, files []string) error {
	what := supported
	if system, ok := Known(d.asked); ok {
		what = "files of " + system.Title
	}
	only := len(d.passed) == 1
	for i := 0; i < len(d.passed) && len(d.passed) <= maxNames; i++ { // a folder of many files is another than was meant
		if err := d.passed[i].nearMiss(only); err != nil {
			return err
		}
	}
	if only && d.asked == "" && d.passed[0].isTable() {
		p := d.passed[0]
		return fmt.Errorf("%s: this table is of no code system that is known by its columns (%s) and codes: say which with --system (%s), or what the columns mean with --mapping",
			p.where, several(p.head.Columns), importable())
	}
	return fmt.Errorf("%s: found nothing to import in %s: want %s (a folder of the release, its zip, or the file itself)", in.Name, several(files), what)
}

// several writes the first of the names of files.
func several(names []string) string {
	if len(names) > maxNames {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:maxNames], ", "), len(names)-maxNames)
	}
	return strings.Join(names, ", ")
}

// notePassed tells of the files of an input that no reader knows, beside those that one
// does.
func (d *detector) notePassed(in Input) {
	var names []string
	for _, p := range d.passed {
		names = append(names, p.file.Name)
	}
	if len(names) > 0 {
		d.note("%s: left out, as no code system: %s", in.Name, several(names))
	}
}

// nearMiss returns what a table that no reader knows lacks, and nil for what is no table
// and for one that is like none of ours. One whose rows cannot be read is meant when it
// is the only file, or has the header of a code list.
func (p passed) nearMiss(only bool) error {
	if p.head.Format == (tabular.Format{}) {
		return nil
	}
	h, missing := nearest(p.head.Columns)
	if len(p.head.Sample) == 0 && (only || h.what != "" && missing == nil) {
		if err := p.unread(); err != nil {
			return err
		}
	}
	if missing != nil {
		return fmt.Errorf("%s: this is like %s, but has no column %s; its columns are %s", p.where, h.what, strings.Join(missing, " and "), several(p.head.Columns))
	}
	return nil
}

// isTable reports whether a file that no reader knows is a table with a header, not a text
// for people in which there happens to be a comma.
func (p passed) isTable() bool {
	return len(p.head.Columns) > 1 && len(p.head.Sample) > 0 && !slices.Contains(p.head.Columns, "") &&
		!slices.ContainsFunc(p.head.Columns, func(c string) bool { return strings.HasPrefix(c, " ") })
}

// unread returns why the first row of a table cannot be read.
func (p passed) unread() error {
	in, err := p.file.Open()
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // nothing was written
	for _, err := range tabular.Rows(in, p.where, p.head.Format) {
		return err
	}
	return nil
}

// heading is the header of a kind of code list: columns that it has to have, and others
// by which it is known.
type heading struct {
	what        string
	needs, also []string
}

var headings = []heading{
	{what: "a list of diagnoses", needs: []string{"system", "code", "text"}, also: []string{"parent_code", "parent_text"}},
	{what: "the Directorate's download of ICD-10 or ICPC-2", needs: []string{"Kode", "Tekst_uten_lengdebegrensning"},
		also: []string{"Tekst_med_maksimalt_60_tegn", "Gyldig_fra", "Gyldig_til", "Rapporteres_til_NPR", "Stjernekode", "Foreldrekode", "Foreldrekodetekst"}},
	{what: "a table of ICPC-2", needs: []string{"icpc2_kode", "icpc2_tekst"}, also: []string{"icpc2_Kap", "icpc2_type"}},
	{what: "the map from ICPC-2B to ICD-10", needs: []string{"ICPC2B_kode", "ICPC2B_ICD10_Kode"}, also: []string{"ICPC2B_tekst"}},
	{what: "a table of ICD-10", needs: []string{"ICD10", "Tekst"}},
	{what: "the workbook of ICPC-2e", needs: []string{"Code", "preferred", "shortTitle", "icd10"}, also: []string{"inclusion", "exclusion", "criteria", "consider"}},
	{what: "a SimpleTabulation of ICD-11", needs: []string{"Linearization URI", "Code", "Title", "ClassKind"}, also: []string{"Foundation URI", "BlockId", "DepthInKind", "ChapterNo"}},
	{what: "NLK", needs: []string{"Kode", "Norsk bruksnavn"}, also: []string{"Kodedefinisjon", "Komponent", "Egenskapsart", "Enhet", "Erstattes av"}},
	{what: "a load file of NORPAT", needs: []string{"code", "coding_scheme", "code_display_text"}, also: []string{"valid_from", "valid_until", "parent_code"}},
	{what: "WHO's map between ICD-10 and ICD-11", needs: []string{"icd10Code", "icd10Title", "icd11Title"}, also: []string{"icd11Code", "10ClassKind", "11ClassKind"}},
}

// fold is the form in which columns are compared.
func fold(column string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(column)), "_", " ")
}

// nearest returns the heading of which a file has most columns, and those that it needs
// and has not; no heading when it has too few to be meant.
func nearest(columns []string) (h heading, missing []string) {
	has := map[string]bool{}
	for _, c := range columns {
		has[fold(c)] = true
	}
	most := 1 // one column is no likeness
	for _, candidate := range headings {
		met, lacks := 0, []string(nil)
		for _, c := range candidate.needs {
			if has[fold(c)] {
				met++
			} else {
				lacks = append(lacks, c)
			}
		}
		for _, c := range candidate.also {
			if has[fold(c)] {
				met++
			}
		}
		if met > most {
			most, h, missing = met, candidate, lacks
		}
	}
	return h, missing
}

// misread returns the error of a file that was meant to be a code list and is
// not recognised as one, and nil for a file of another kind.
func misread(file string, head tabular.Head) error {
	if head.Format.JSON || strings.Contains(head.First, " ") {
		return nil
	}
	columns := map[string]bool{}
	for _, c := range head.Columns {
		columns[c] = true
	}
	for _, h := range headings {
		named, split := true, true
		for _, word := range h.needs {
			named = named && strings.Contains(head.First, word)
			split = split && columns[word]
		}
		if named && !split {
			return fmt.Errorf("%s: the header %.200q names the columns of a code list, but not with one delimiter between them: want one of tab ; # , |",
				file, head.First)
		}
	}
	return nil
}
