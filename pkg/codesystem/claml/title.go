package claml

import (
	"context"
	"errors"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/markup"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// The canonical URIs of the classifications.
const (
	ICD10   = "http://hl7.org/fhir/sid/icd-10"
	ICD10GM = "http://fhir.de/CodeSystem/bfarm/icd-10-gm"
	ICPC2   = "http://hl7.org/fhir/sid/icpc-2"
)

// classification is one of them.
type classification struct {
	system, name, title string
	language            string // of labels that do not say theirs
}

var classifications = []classification{
	{ICD10, "icd-10", "ICD-10 (WHO)", "en"},
	{ICD10GM, "icd-10-gm", "ICD-10-GM", "de"},
	{ICPC2, "icpc-2e", "ICPC-2e", "en"},
}

// Match reports whether the first element of a file is that of ClaML.
func Match(root markup.Root) bool { return root.Name == "ClaML" }

// title is what a file says of itself before its first class.
type title struct {
	name, version, date, text string
	authority, uid            string // of all identifiers, with spaces between them
	language                  string
}

// errEnough ends the reading of a file whose title is known.
var errEnough = errors.New("enough")

// readTitle reads a file up to its first class.
func readTitle(file terminology.SourceFile) (title, error) {
	t := title{}
	err := markup.Scan(context.Background(), file, silent{}, func(root *markup.Element) error {
		if root.Name != "ClaML" {
			return root.Bad("", "is no ClaML")
		}
		t.language = root.Lang
		return root.Each(func(e *markup.Element) error {
			switch e.Name {
			case "Identifier":
				t.authority += " " + e.Attr("authority")
				t.uid += " " + e.Attr("uid")
			case "Title":
				t.name, t.version, t.date = e.Attr("name"), e.Attr("version"), e.Attr("date")
				text, err := e.Text()
				t.text = text
				return err
			case "Meta":
				if name := e.Attr("name"); name == "lang" || name == "language" {
					t.language = e.Attr("value")
				}
			case "Class", "Modifier", "ModifierClass":
				return errEnough
			}
			return nil
		})
	})
	if err != nil && !errors.Is(err, errEnough) {
		return t, err
	}
	return t, nil
}

// silent is a sink for what is read before a source is asked to read.
type silent struct{ terminology.Sink }

// Read is not told.
func (silent) Read(string, int) {}

// classification tells which classification a file holds; false when it does not
// say, or says one that we do not know. National ICD-10s have other codes than
// WHO's: a file is WHO's when it names WHO.
func (t title) classification() (classification, bool) {
	words := strings.ToLower(t.name + " " + t.uid + " " + t.text)
	words = strings.NewReplacer("-", "", "_", "").Replace(words)
	switch {
	case strings.Contains(words, "icd10gm"):
		return known(ICD10GM)
	case strings.Contains(words, "icpc2"):
		return known(ICPC2)
	case !strings.Contains(words, "icd10") && !strings.Contains(words, "international statistical classification"):
	case strings.Contains(strings.ToLower(t.authority), "who"), strings.Contains(words, "icd10who"), strings.Contains(words, "world health organization"):
		return known(ICD10)
	}
	return classification{}, false
}

func known(system string) (classification, bool) {
	for _, c := range classifications {
		if c.system == system {
			return c, true
		}
	}
	return classification{}, false
}
