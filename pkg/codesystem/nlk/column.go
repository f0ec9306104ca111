package nlk

import (
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/crossmap"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// field is what a column means.
type field struct {
	property string // its property, or "" when it is one of the special ones below
	special  special
}

type special uint8

const (
	none special = iota
	isTheCode
	isName
	isDefinition
	isSynonyms
	isFrom
	isTo
	isReplacement
	isChanged
)

// fields are the columns of the publisher, by their folded names. The workbook has
// spaces in its names, files made of it have underlines, some without Norwegian letters.
var fields = map[string]field{
	"kode":                       {special: isTheCode},
	"norsk bruksnavn":            {special: isName},
	"kodedefinisjon":             {special: isDefinition},
	"synonym":                    {special: isSynonyms},
	"synonymer":                  {special: isSynonyms},
	"gyldig fra":                 {property: "valid-from", special: isFrom},
	"gyldig til":                 {property: "valid-to", special: isTo},
	"erstattes av":               {property: crossmap.ReplacedBy, special: isReplacement},
	"endringsdato":               {property: "changed", special: isChanged},
	"komponent":                  {property: "component"},
	"komponent spesifikasjon":    {property: "component-specification"},
	"system":                     {property: "system"},
	"system spesifikasjon":       {property: "system-specification"},
	"egenskapsart":               {property: "kind-of-property"},
	"egenskapsart spesifikasjon": {property: "kind-of-property-specification"},
	"enhet":                      {property: "unit"},
	"primaert fagomraade":        {property: "specialty"},
	"fagomraade nlk":             {property: "specialty"},
	"sekundaert fagomraade":      {property: "secondary-specialty"},
	"gruppering":                 {property: "group"},
}

var letters = strings.NewReplacer("æ", "ae", "ø", "oe", "å", "aa", "_", " ", "-", " ")

// fold is the form in which columns are compared.
func fold(column string) string {
	return strings.Join(strings.Fields(letters.Replace(strings.ToLower(column))), " ")
}

// Match reports whether the head of a file is that of NLK.
func Match(h tabular.Head) bool {
	code, name := false, false
	for _, c := range h.Columns {
		switch fields[fold(c)].special {
		case isTheCode:
			code = true
		case isName:
			name = true
		}
	}
	return code && name
}

// kind is the kind of the value of a property.
func (f field) kind() terminology.ValueKind {
	switch f.special {
	case isFrom, isTo, isChanged:
		return terminology.ValueDateTime
	case isReplacement:
		return terminology.ValueCode
	}
	return terminology.ValueString
}
