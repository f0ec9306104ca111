package codesystem

import (
	"fmt"
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
	for _, p := range d.passed {
		if hint := p.hint(); hint != "" {
			return fmt.Errorf("%s: %s", p.where, hint)
		}
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

// hint tells what a table that no reader knows lacks, and "" for what is no table.
func (p passed) hint() string {
	if p.head.Format == (tabular.Format{}) || p.head.Format.JSON && len(p.head.Columns) == 0 {
		return ""
	}
	if len(p.head.Sample) == 0 {
		if err := p.unread(); err != nil {
			return "the first row cannot be read: " + strings.TrimPrefix(terminology.Message(err), p.where+": ")
		}
	}
	if h, missing, ok := nearest(p.head.Columns); ok {
		return fmt.Sprintf("this is like %s, but has no column %s; its columns are %s", h.what, strings.Join(missing, " and "), several(p.head.Columns))
	}
	if len(p.head.Columns) < 2 || strings.Contains(p.head.First, ". ") { // text for people
		return ""
	}
	return fmt.Sprintf("this is a table of no code system that is known by its columns and codes (%s): say which with --system (%s), or what its columns mean with --mapping",
		several(p.head.Columns), importable())
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
	{"a list of diagnoses", []string{"system", "code", "text"}, []string{"parent_code", "parent_text"}},
	{"the Directorate's download of ICD-10 or ICPC-2", []string{"Kode", "Tekst_uten_lengdebegrensning"},
		[]string{"Tekst_med_maksimalt_60_tegn", "Gyldig_fra", "Gyldig_til", "Rapporteres_til_NPR", "Stjernekode", "Foreldrekode", "Foreldrekodetekst"}},
	{"a table of ICPC-2", []string{"icpc2_kode", "icpc2_tekst"}, []string{"icpc2_Kap", "icpc2_type"}},
	{"the map from ICPC-2B to ICD-10", []string{"ICPC2B_kode", "ICPC2B_ICD10_Kode"}, []string{"ICPC2B_tekst"}},
	{"a table of ICD-10", []string{"ICD10", "Tekst"}, nil},
	{"the workbook of ICPC-2e", []string{"Code", "preferred", "shortTitle", "icd10"}, []string{"inclusion", "exclusion", "criteria", "consider"}},
	{"a SimpleTabulation of ICD-11", []string{"Linearization URI", "Code", "Title", "ClassKind"}, []string{"Foundation URI", "BlockId", "DepthInKind", "ChapterNo"}},
	{"NLK", []string{"Kode", "Norsk bruksnavn"}, []string{"Kodedefinisjon", "Komponent", "Egenskapsart", "Enhet", "Erstattes av"}},
	{"a load file of NORPAT", []string{"code", "coding_scheme", "code_display_text"}, []string{"valid_from", "valid_until", "parent_code"}},
}

// fold is the form in which columns are compared.
func fold(column string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(column)), "_", " ")
}

// nearest returns the heading of which a file has most columns, and those that it needs
// and has not; false when it lacks none, or has too few to be meant.
func nearest(columns []string) (h heading, missing []string, ok bool) {
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
	return h, missing, len(missing) > 0
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
