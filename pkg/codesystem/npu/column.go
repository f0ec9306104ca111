package npu

import (
	"strings"
	"unicode"

	"github.com/kodeks/kodeks/pkg/codesystem/crossmap"
	"github.com/kodeks/kodeks/pkg/codesystem/markup"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// field is what a column or element means: one of the special ones, or a property.
type field struct {
	special  special
	property string
	kind     terminology.ValueKind
}

type special uint8

const (
	none special = iota
	isTheCode
	isShort
	isFull
	isFrom
	isTo
	isActive
	isStatus
)

// replaces is the property of a code that names those that it takes the place of.
const replaces = "replaces"

// fields are the columns and elements, by their folded names: tables and XML say the
// same things under names that differ by spaces and underlines.
var fields = map[string]field{
	"npucode":                   {special: isTheCode},
	"shortdefinition":           {special: isShort},
	"fulldefinition":            {special: isFull},
	"replaces":                  {property: replaces, kind: terminology.ValueCode},
	"replacedby":                {property: crossmap.ReplacedBy, kind: terminology.ValueCode},
	"effectivefrom":             {special: isFrom, property: "valid-from", kind: terminology.ValueDateTime},
	"activefrom":                {special: isFrom, property: "valid-from", kind: terminology.ValueDateTime},
	"effectiveto":               {special: isTo, property: "valid-to", kind: terminology.ValueDateTime},
	"activeto":                  {special: isTo, property: "valid-to", kind: terminology.ValueDateTime},
	"active":                    {special: isActive, property: "active", kind: terminology.ValueBoolean},
	"status":                    {special: isStatus, property: "status", kind: terminology.ValueString},
	"createddate":               {property: "created", kind: terminology.ValueDateTime},
	"createdat":                 {property: "created", kind: terminology.ValueDateTime},
	"changedate":                {property: "changed", kind: terminology.ValueDateTime},
	"updatedat":                 {property: "changed", kind: terminology.ValueDateTime},
	"system":                    {property: "system", kind: terminology.ValueString},
	"sysspec":                   {property: "system-specification", kind: terminology.ValueString},
	"component":                 {property: "component", kind: terminology.ValueString},
	"compspec":                  {property: "component-specification", kind: terminology.ValueString},
	"kindofproperty":            {property: "kind-of-property", kind: terminology.ValueString},
	"proc":                      {property: "procedure", kind: terminology.ValueString},
	"unit":                      {property: "unit", kind: terminology.ValueString},
	"specialty":                 {property: "specialty", kind: terminology.ValueString},
	"speciality":                {property: "specialty", kind: terminology.ValueString},
	"contextdependent":          {property: "context-dependent", kind: terminology.ValueString},
	"group":                     {property: "group", kind: terminology.ValueString},
	"groups":                    {property: "group", kind: terminology.ValueString},
	"scale":                     {property: "scale-type", kind: terminology.ValueString},
	"scaletype":                 {property: "scale-type", kind: terminology.ValueString},
	"elementcodesforsystems":    {property: "system-elements", kind: terminology.ValueString},
	"elementcodesforcomponents": {property: "component-elements", kind: terminology.ValueString},
	"elementcodesforproperties": {property: "kind-of-property-elements", kind: terminology.ValueString},
	"elementcodesforunit":       {property: "unit-elements", kind: terminology.ValueString},
	"releasecenter":             {property: "release-center", kind: terminology.ValueString},
}

// fold is the form in which names are compared: their letters.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// Match reports whether the head of a table is that of NPU.
func Match(h tabular.Head) bool {
	code, text := false, false
	for _, c := range h.Columns {
		switch fields[fold(c)].special {
		case isTheCode:
			code = true
		case isShort, isFull:
			text = true
		}
	}
	return code && text
}

// The elements of the XML.
const (
	rootElement = "Npubegreber"
	codeElement = "Npubegreb"
)

// MatchXML reports whether the first element of a file is that of NPU.
func MatchXML(r markup.Root) bool { return strings.EqualFold(r.Name, rootElement) }
