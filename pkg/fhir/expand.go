package fhir

import (
	"strings"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Expand is the parameter table of ValueSet/$expand.
var Expand = &Operation{Resource: "ValueSet", Name: "expand", Parameters: append([]Definition{
	{Name: "url", Type: URI},
	{Name: "valueSet", Type: ValueSetType},
	{Name: "valueSetVersion", Type: String},
	{Name: "context", Type: URI, Use: Refused, Note: "profiles are not known here; name the value set"},
	{Name: "contextDirection", Type: Code, Use: Refused, Note: "profiles are not known here; name the value set"},
	{Name: "filter", Type: String, Echo: true},
	{Name: "date", Type: DateTime, Echo: true},
	{Name: "offset", Type: Integer, Echo: true},
	{Name: "count", Type: Integer, Echo: true},
	{Name: "includeDesignations", Type: Boolean, Echo: true},
	{Name: "designation", Type: String, Many: true, Echo: true},
	{Name: "includeDefinition", Type: Boolean, Echo: true},
	{Name: "activeOnly", Type: Boolean, Echo: true},
	{Name: "excludeNested", Type: Boolean, Echo: true},
	{Name: "excludeNotForUI", Type: Boolean, Only: "false", Echo: true, Note: "abstract codes are marked, not left out"},
	// Of postcoordinated codes, those are there that a value set names one by one; no others can be listed.
	{Name: "excludePostCoordinated", Type: Boolean, Echo: true},
	{Name: "displayLanguage", Type: Code}, // echoed with what the value set and the header say
	{Name: "property", Type: String, Many: true, In: OnlyR5},
	{Name: "exclude-system", Type: URI, Many: true, Echo: true},
	{Name: "limit", Type: Integer, In: Ecosystem},
	{Name: "limitedExpansion", Type: Boolean, In: Ecosystem, Use: Ignored, Note: "an expansion is whole or refused"},
	{Name: "allowMaximumSizeExpansion", Type: Boolean, In: Ecosystem, Use: Ignored, Note: "an expansion is whole or refused"},
	{Name: "incomplete-ok", Type: Boolean, In: Ecosystem, Use: Ignored, Note: "an expansion is whole or refused"},
}, versionRules...)}

// ExpandRequest reads the parameters of ValueSet/$expand.
func ExpandRequest(p *Parameters) (operation.ExpandRequest, error) {
	req := operation.ExpandRequest{
		With: p.with(), Details: true,
		Text:           p.Text("filter"),
		Offset:         p.Int("offset", 0),
		Count:          p.Int("count", -1),
		ActiveOnly:     p.Bool("activeOnly"),
		Designations:   p.Bool("includeDesignations"),
		Date:           p.Day("date"),
		Nested:         !p.Bool("excludeNested"),
		Properties:     p.texts("property"),
		ExcludeSystems: p.texts("exclude-system"),
		Terms:          p.texts("designation"),
		Limit:          p.Int("limit", p.Threshold),
	}
	req.NoComposed = p.Bool("excludePostCoordinated")
	if p.find("includeDesignations") == nil {
		req.Designations = len(req.Terms) > 0 // which are asked for by name
	}
	if err := p.checkVersions(); err != nil {
		return req, err
	}
	var err error
	if req.URL, req.Definition, err = p.valueSet(); err != nil {
		return req, err
	}
	w, err := p.languages()
	req.Languages, req.LanguageList, req.Negotiated = w.pref, w.list, w.negotiated
	return req, err
}

// checkVersions refuses a rule that names no version: it would do nothing, and the
// client would never know.
func (p *Parameters) checkVersions() error {
	for i := range p.list {
		n := &p.list[i]
		switch n.name() {
		case "system-version", "check-system-version", "force-system-version", "default-valueset-version":
			if url, version, _ := strings.Cut(n.Text, "|"); url == "" || version == "" {
				return elementError(terminology.Invalid, n.where(), "want a canonical URL with a version, such as http://snomed.info/sct|http://snomed.info/sct/51000202101, for '%s', not %q", n.name(), n.Text)
			}
		}
	}
	return nil
}
