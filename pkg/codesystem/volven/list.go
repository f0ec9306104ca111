package volven

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Root is what the OIDs of all lists begin with.
const Root = "2.16.578.1.12.4.1.1."

// Volven names all lists together, for those who ask for no one of them.
const Volven = "urn:oid:2.16.578.1.12.4.1.1"

// Resolve returns the URI of the list that a name means: its number, that after volven-,
// or its OID with or without urn:oid:. Whether there is such a list is not known here.
func Resolve(name string) (uri string, ok bool) {
	id := strings.ToLower(strings.TrimSpace(name))
	for _, prefix := range []string{"urn:oid:", Root, "volven-"} {
		id = strings.TrimPrefix(id, prefix)
	}
	return "urn:oid:" + Root + id, id != "" && len(id) <= maxID && strings.Trim(id, "0123456789") == ""
}

// list is what an object says of its list, in the words of the API and of its export.
type list struct {
	ID             text   `json:"id"`
	Name           string `json:"name"`
	Title          string `json:"title"`
	Description    string `json:"description"`
	Version        string `json:"version"`
	Status         string `json:"status"`
	Changed        string `json:"statusLastChanged"`
	ChangedExport  string `json:"status_last_changed"`
	Owner          text   `json:"owner"`
	Collection     text   `json:"collection"`
	ValidFrom      string `json:"validFrom"`
	ValidFromExpor string `json:"valid_from"`
	Active         *bool  `json:"active"`
}

// text is a text, a number, or the name of an object.
type text string

// UnmarshalJSON reads any of them.
func (t *text) UnmarshalJSON(b []byte) error {
	var object struct {
		Name string `json:"name"`
	}
	switch {
	case string(b) == "null":
		return nil
	case b[0] == '{':
		err := json.Unmarshal(b, &object)
		*t = text(object.Name)
		return err
	case b[0] == '"':
		return json.Unmarshal(b, (*string)(t))
	}
	*t = text(b)
	return nil
}

// maxSize is the longest object that is read.
const maxSize = 64 << 20

// maxID is how many digits the number of a list has at most.
const maxID = 6

// taken are the numbers of code systems that have a reader of their own: as lists they
// would take the place of their releases.
var taken = map[string]string{
	"7010": "Norsk patologikodeverk (NORPAT)", "7020": "Nasjonale særkoder", "7110": "ICD-10 (norsk utgave)", "7112": "PHBU", "7170": "ICPC-2 (norsk utgave)", "7171": "ICPC-2B (norsk utgave)",
	"7180": "ATC", "7210": "NCSP-N, kirurgiske prosedyrer", "7220": "NCMP, medisinske prosedyrer", "7270": "NCRP, radiologiske prosedyrer",
	"7275": "Norsk klinisk prosedyrekodeverk (NKPK)", "7280": "Norsk laboratoriekodeverk (NLK)",
}

// readList reads what an object says of its list.
func readList(file terminology.SourceFile) (*list, error) {
	in, err := file.Open()
	if err != nil {
		return nil, &terminology.Error{Op: "volven.NewSource", Err: err}
	}
	defer in.Close()
	b, err := io.ReadAll(io.LimitReader(in, maxSize+1))
	if err != nil {
		return nil, &terminology.Error{Op: "volven.NewSource", Err: fmt.Errorf("%s: %w", file.Name, err)}
	}
	if len(b) > maxSize {
		return nil, bad(file, "", fmt.Errorf("the list is longer than %d bytes", maxSize))
	}
	l := &list{}
	if err := json.Unmarshal([]byte(strings.TrimPrefix(string(b), "\ufeff")), l); err != nil {
		return nil, bad(file, "", fmt.Errorf("not the JSON of a list: %w", err))
	}
	if l.ID == "" || len(l.ID) > maxID || strings.Trim(string(l.ID), "0123456789") != "" {
		return nil, bad(file, "id", fmt.Errorf("%q is not the number of a list, such as 7426", string(l.ID)))
	}
	if system := taken[string(l.ID)]; system != "" {
		return nil, bad(file, "id", fmt.Errorf("%s is the number of %s, which is imported from the files of its publisher and not as an administrative list", string(l.ID), system))
	}
	if l.Name == "" {
		if l.Name = l.Title; l.Name == "" {
			return nil, bad(file, "name", errors.New("the list has no name"))
		}
	}
	if l.Changed == "" {
		l.Changed = l.ChangedExport
	}
	if l.ValidFrom == "" {
		l.ValidFrom = l.ValidFromExpor
	}
	return l, nil
}

func bad(file terminology.SourceFile, key string, err error) error {
	return &terminology.Error{Op: "volven.NewSource", Kind: terminology.Invalid, Err: &terminology.RowError{File: file.Name, Column: key, Err: err}}
}

// date returns the day of the last change, which puts versions in their order; "" when
// the list does not tell.
func (l *list) date() string {
	for _, s := range []string{l.Changed, l.ValidFrom} {
		if day, ok := tabular.ParseDay(s); ok {
			return day.String()
		}
	}
	return ""
}
