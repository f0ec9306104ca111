package terminology

import (
	"strings"
	"time"
)

// Period is the days from From to To, both included; 0 is open. A period that ends
// before it begins has no days.
type Period struct{ From, To Date }

// Contains reports whether a day is in the period.
func (p Period) Contains(day Date) bool {
	return (p.From == 0 || day >= p.From) && (p.To == 0 || day <= p.To)
}

// String returns the period for people to read: "from 2025-01-01 to 2025-12-31",
// "from 2026-01-01", "until 2025-12-31", and "" for all days.
func (p Period) String() string {
	switch {
	case p.From != 0 && p.To != 0:
		return "from " + p.From.String() + " to " + p.To.String()
	case p.From != 0:
		return "from " + p.From.String()
	case p.To != 0:
		return "until " + p.To.String()
	}
	return ""
}

// DayBefore returns the day before d, and no date for no date.
func (d Date) DayBefore() Date {
	if d == 0 {
		return 0
	}
	t := time.Date(int(d/10000), time.Month(d/100%100), int(d%100)-1, 0, 0, 0, 0, time.UTC)
	return Date(t.Year()*10000 + int(t.Month())*100 + t.Day())
}

// ParseDateTime reads a FHIR date or dateTime, yyyy, yyyy-mm, yyyy-mm-dd or with a
// time, as the days that it means: a day as it is written, whatever its zone, or all
// days of a month or year. It reports false for anything else.
func ParseDateTime(s string) (Period, bool) {
	day, clock, timed := strings.Cut(s, "T")
	if timed && (len(day) != len("2006-01-02") || !isClock(clock)) || len(day) > 4 && day[4] != '-' || len(day) > 7 && day[7] != '-' {
		return Period{}, false
	}
	switch len(day) {
	case len("2006"):
		if from, ok := ParseDate(day + "0101"); ok {
			return Period{from, from + 1130}, true
		}
	case len("2006-01"):
		if from, ok := ParseDate(day[:4] + day[5:] + "01"); ok {
			return Period{from, from - 1 + Date(daysIn(uint32(from)/10000, uint32(from)/100%100))}, true
		}
	case len("2006-01-02"):
		if from, ok := ParseDate(day[:4] + day[5:7] + day[8:]); ok {
			return Period{from, from}, true
		}
	}
	return Period{}, false
}

// isClock reports whether s is a time of day with or without its zone.
func isClock(s string) bool {
	for _, layout := range [...]string{"15:04", "15:04:05", "15:04Z07:00", "15:04:05Z07:00"} {
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	return false
}

// Validity is how a code stands on one day.
type Validity uint8

// The validities. NotAsked is of an answer to a question that named no day.
const (
	NotAsked Validity = iota
	Valid
	NotYetValid
	NoLongerValid
	// NotInForce: no version that was in force on the day is installed, and the code
	// does not tell of days before the oldest one.
	NotInForce
)

// String returns the validity in words for people.
func (v Validity) String() string {
	return [...]string{"", "valid", "not yet valid", "no longer valid", "not known"}[v]
}

// Code returns the validity as a word for programs.
func (v Validity) Code() string { return strings.ReplaceAll(v.String(), " ", "-") }

// Period returns the days on which the concept is valid, as far as its release tells.
// Of a concept that is inactive and has no last day it is the day before its last
// change, if that is told (SNOMED CT).
func (i ConceptInfo) Period() Period {
	p := Period{i.From, i.To}
	if i.Inactive && p.To == 0 {
		p.To = i.Effective.DayBefore()
	}
	return p
}

// On tells how the concept stands on a day: by its days, and where it is inactive and
// has no last day, by that.
func (i ConceptInfo) On(day Date) Validity {
	p := i.Period()
	switch {
	case p.From != 0 && day < p.From:
		return NotYetValid
	case p.To != 0 && day > p.To, i.Inactive && p.To == 0:
		return NoLongerValid
	}
	return Valid
}

// Tells reports whether the release tells how the concept stood on a day before the
// release: the day is one on or after the first one of the concept.
func (i ConceptInfo) Tells(day Date) bool { return i.From != 0 && i.From <= day }
