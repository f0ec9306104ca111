package grpcserver

import (
	"math"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Coding reads a coding; a missing one names nothing.
func Coding(m *kodeksv1.Coding) terminology.Coding {
	return terminology.Coding{System: m.GetSystem(), Version: m.GetVersion(), Code: m.GetCode(), Display: m.GetDisplay()}
}

// CodingMessage writes a coding; one that names nothing is missing.
func CodingMessage(c terminology.Coding) *kodeksv1.Coding {
	if c == (terminology.Coding{}) {
		return nil
	}
	return &kodeksv1.Coding{System: c.System, Version: c.Version, Code: c.Code, Display: c.Display}
}

// CodingMessages writes codings, in one allocation for all.
func CodingMessages(list []terminology.Coding) []*kodeksv1.Coding {
	return messages(list, func(m *kodeksv1.Coding, c *terminology.Coding) {
		m.System, m.Version, m.Code, m.Display = c.System, c.Version, c.Code, c.Display
	})
}

// preference reads the languages of a request; none is the server's default.
func preference(list string) (language.Preference, error) {
	if list == "" {
		return language.Preference{}, nil
	}
	return language.Parse(list)
}

// date reads the day of a request, the last one of a year or month; 0 for none.
func date(s string) (terminology.Date, error) {
	days, ok := terminology.ParseDateTime(s)
	if !ok && s != "" {
		return 0, invalid("date is %q, want yyyy, yyyy-mm, yyyy-mm-dd or yyyy-mm-ddThh:mm:ssZ", s)
	}
	return days.To, nil
}

// DesignationMessages writes the designations of a concept.
func DesignationMessages(list []operation.Designation) []*kodeksv1.Designation {
	return messages(list, func(m *kodeksv1.Designation, d *operation.Designation) {
		m.Id, m.Language, m.Term = d.ID, d.Language, d.Term
		m.Use = CodingMessage(d.Use)
		m.Inactive, m.CaseSensitive = d.Inactive, d.CaseSensitive
		m.PreferredIn, m.AcceptableIn = d.PreferredIn, d.AcceptableIn
		m.Effective = d.Effective.String()
	})
}

// valueTypes are the codes of CodeSystem.property.type.
var valueTypes = [...]string{
	terminology.ValueCode:     "code",
	terminology.ValueString:   "string",
	terminology.ValueInteger:  "integer",
	terminology.ValueDecimal:  "decimal",
	terminology.ValueBoolean:  "boolean",
	terminology.ValueDateTime: "dateTime",
}

// PropertyMessages writes the properties of a concept.
func PropertyMessages(list []operation.Property) []*kodeksv1.Property {
	return messages(list, func(m *kodeksv1.Property, p *operation.Property) {
		m.Code, m.Description, m.Group = p.Code, p.Description, number(p.Group)
		m.Type, m.Value, m.Display = valueTypes[p.Kind], p.Value, p.Display
	})
}

// ReleaseMessage writes the identity of a release.
func ReleaseMessage(r *terminology.Release) *kodeksv1.Release {
	if r.Name == "" && r.System == "" {
		return nil
	}
	m := &kodeksv1.Release{}
	release(m, r)
	return m
}

func release(m *kodeksv1.Release, r *terminology.Release) {
	m.Kind, m.Name, m.System, m.Version = string(r.Kind), r.Name, r.System, r.Version
	m.Edition, m.Date, m.Title, m.Language = r.Edition, r.Date, r.Title, r.Language
	m.CaseSensitive, m.Source, m.Target = r.CaseSens, r.Source, r.Target
	m.Short, m.Aliases = r.Short, r.Aliases
	m.Maps = messages(r.Maps, mapInfo)
}

func mapInfo(m *kodeksv1.MapInfo, i *terminology.MapInfo) {
	m.Id, m.Url, m.Title, m.Source, m.Target = i.ID, i.URL, i.Title, i.Source, i.Target
	m.Sources, m.Rows = number(i.Sources), number(i.Rows)
}

// messages writes a list of messages into one block of memory: an expansion has
// hundreds of thousands.
func messages[M, T any](list []T, write func(*M, *T)) []*M {
	if len(list) == 0 {
		return nil
	}
	block, out := make([]M, len(list)), make([]*M, len(list))
	for i := range list {
		out[i] = &block[i]
		write(out[i], &list[i])
	}
	return out
}

// number fits a count into a message.
func number(n int) int32 {
	return int32(min(max(n, math.MinInt32), math.MaxInt32))
}
