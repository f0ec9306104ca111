package codesystem

import (
	"fmt"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
)

// supported is what Detect finds, for messages.
const supported = "an RF2 package of SNOMED CT, a JSON or CSV file of the Norwegian ICD-10, ICPC-2 or ICPC-2B, or FHIR resources"

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

// nothing is the error of an input that holds nothing that we can read.
func (d *detector) nothing(in Input, files []string) error {
	what := supported
	if system, ok := Known(d.asked); ok {
		what = "files of " + system.Title
	}
	shown, more := files, ""
	if len(files) > maxNames {
		shown, more = files[:maxNames], fmt.Sprintf(" and %d more", len(files)-maxNames)
	}
	return fmt.Errorf("%s: found nothing to import in %s%s: want %s (a folder of the release, its zip, or the file itself)",
		in.Name, strings.Join(shown, ", "), more, what)
}

// headings are the words that the header of a code list has: all of a group.
var headings = [][]string{{"system", "code", "text"}, {"Kode", "Tekst_uten_lengdebegrensning"}, {"icpc2_kode", "icpc2_tekst"}, {"ICPC2B_kode", "ICPC2B_ICD10_Kode"}, {"ICD10", "Tekst"}}

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
	for _, group := range headings {
		named, split := true, true
		for _, word := range group {
			named = named && strings.Contains(head.First, word)
			split = split && columns[word]
		}
		if named && !split {
			return fmt.Errorf("%s: the header %q names the columns of a code list, but not with one delimiter between them: want one of tab ; # , |",
				file, head.First)
		}
	}
	return nil
}
