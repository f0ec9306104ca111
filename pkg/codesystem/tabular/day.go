package tabular

import (
	"strconv"
	"strings"
	"time"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// dayLayouts are the ways in which publishers write a point in time. A layout
// without a zone is Norwegian local time.
var dayLayouts = []struct {
	layout string
	zoned  bool
}{
	{"2006-01-02T15:04:05", false},
	{"2006-01-02 15:04:05", false},
	{"2006-01-02 15:04", false},
	{"2006-01-02T15:04", false},
	{"2006-01-02T15:04:05Z07:00", true},
	{"2006-01-02T15:04:05Z0700", true},
	{"2006-01-02T15:04:05Z07", true},
	{"2006-01-02T15:04Z07:00", true},
	{"2006-01-02T15:04Z0700", true},
	{"2006-01-02T15:04Z07", true},
	{"2006-01-02 15:04:05Z07", true},
	{"2006-01-02 15:04:05Z0700", true},
	{"2006-01-02 15:04:05Z07:00", true},
	{"2006-01-02 15:04Z07", true},
	{"2006-01-02 15:04Z0700", true},
	{"2006-01-02 15:04Z07:00", true},
}

// ParseDay returns the Norwegian calendar day of a date or a point in time. A
// point with a zone is moved to Oslo first: 1998-12-31T23:00:00Z is the first
// day of 1999. An end such as 2004-12-31T23:59:00 keeps its day.
func ParseDay(s string) (terminology.Date, bool) {
	if len(s) == len("2006-01-02") && s[4] == '-' && s[7] == '-' {
		return terminology.ParseDate(strings.ReplaceAll(s, "-", ""))
	}
	for _, l := range dayLayouts {
		t, err := time.Parse(l.layout, s)
		if err != nil {
			continue
		}
		if l.zoned {
			t = oslo(t)
		}
		return terminology.ParseDate(t.Format("20060102"))
	}
	return 0, false
}

// ParseSerialDay returns the day of a date as Excel keeps it: days from the end of
// 1899, and a fraction of a day, which is dropped. 43890.9993 is 2020-02-29. Excel has
// a 29 February 1900 (60), which was no day. Workbooks that count from 1904 are not
// read.
func ParseSerialDay(s string) (terminology.Date, bool) {
	const last = 2958465 // 9999-12-31
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || !(n >= 1 && n < last+1) || int(n) == 60 {
		return 0, false
	}
	first := time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)
	if n < 60 {
		first = first.AddDate(0, 0, 1)
	}
	return terminology.ParseDate(first.AddDate(0, 0, int(n)).Format("20060102"))
}

// Day is ParseDay, and in a workbook ParseSerialDay for numbers of five digits, which are
// the days from 1927 to 2173: elsewhere, and with fewer digits, a number is a year or no
// date at all.
func (f Format) Day(cell string) (terminology.Date, bool) {
	day, ok := ParseDay(cell)
	if whole, _, _ := strings.Cut(cell, "."); !ok && f.Workbook && len(whole) == 5 {
		return ParseSerialDay(cell)
	}
	return day, ok
}

// oslo moves a point in time to Norwegian local time: UTC+1, and UTC+2 from the
// last Sunday of March to the last Sunday of October (before 1996: September).
// Years before 1981 are taken as all winter.
func oslo(t time.Time) time.Time {
	t = t.UTC()
	last := time.October
	if t.Year() < 1996 {
		last = time.September
	}
	if t.Year() > 1980 && !t.Before(lastSunday(t.Year(), time.March)) && t.Before(lastSunday(t.Year(), last)) {
		return t.Add(2 * time.Hour)
	}
	return t.Add(time.Hour)
}

// lastSunday returns 01:00 UTC of the last Sunday of a month.
func lastSunday(year int, month time.Month) time.Time {
	end := time.Date(year, month+1, 0, 1, 0, 0, 0, time.UTC)
	return end.AddDate(0, 0, -int(end.Weekday()))
}
