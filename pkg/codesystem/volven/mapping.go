package volven

import (
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/table"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// columns are the keys of the codes of a list.
var columns = table.Columns{
	Code:    table.Names{"value", "code"},
	Display: table.Names{"name", "display"},
	Designations: []table.Designation{
		{Column: table.Names{"description", "definition"}, Use: terminology.UseDefinition},
	},
	ValidFrom: table.Names{"validFrom", "valid_from"},
	ValidTo:   table.Names{"validTo", "valid_to"},
	Status:    table.Flag{Column: table.Names{"active"}, Values: table.Names{"false"}},
	SortOrder: table.Names{"sortKey", "sort_key"},
}

// keys are the keys of the codes in the object of a list.
var keys = []string{"codeValues", "concepts"}

// Match reports whether the head of a file is that of a list: an object around an array
// of codes, each with the keys of one.
func Match(h tabular.Head) bool {
	if !h.Format.JSON || len(h.Sample) == 0 || h.Format.Key != keys[0] && h.Format.Key != keys[1] {
		return false
	}
	_, code := table.Find(h, columns.Code)
	_, display := table.Find(h, columns.Display)
	return code && display
}

// NewSource returns the source of a list. The error is Invalid when its object is not
// that of one.
func NewSource(file terminology.SourceFile, o terminology.SourceOptions) (*table.Source, error) {
	l, err := readList(file)
	if err != nil {
		return nil, err
	}
	system := table.System{
		URI: "urn:oid:" + Root + string(l.ID), Name: "volven-" + string(l.ID), Title: string(l.ID) + " " + l.Name,
		Short:   []string{"volven-" + string(l.ID), string(l.ID)},
		Aliases: []string{"http://helsedir.no/fhir/CodeSystem/no-kodeverk-" + string(l.ID), "http://ehelse.no/fhir/CodeSystem/no-kodeverk-" + string(l.ID)},
		Date:    l.date(), Ordered: true, Inactive: l.Active != nil && !*l.Active, Version: version(l.Version),
	}
	if system.Version == "" {
		system.Version = system.Date
	}
	if system.Version != "" {
		o.Version = "" // the list tells its own
	}
	sources, err := table.NewSources(file, &table.Mapping{System: system, Columns: columns}, o)
	if err != nil {
		return nil, err
	}
	return sources[0], nil
}

// version returns the version of a list if it can be one of a release.
func version(s string) string {
	if s = strings.TrimSpace(s); s == "" || s[0] == '.' || strings.Trim(s, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-_") != "" {
		return ""
	}
	return s
}
