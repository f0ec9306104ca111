package conceptmap

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Age is an age or another length of time as it was written: a number and its unit. It
// stands for all ages that are written so, since people give ages in whole units that are
// completed: 63 years is any age from the 63rd birthday until the day before the 64th, and
// 2.5 months is from 2.5 months until 2.6. The zero Age is not known.
type Age struct {
	milli uint64 // thousandths of the unit
	step  uint64 // of the last digit, in thousandths
	unit  Unit
}

// Unit is a unit of time.
type Unit uint8

// The units. A year is 12 months, a week 7 days and a day 24 hours, always. A month is
// 28 to 31 days: what is written in the one kind of unit and compared with the other is
// decided when it is so for all months and years that it may be.
const (
	NoUnit Unit = iota
	Years
	Months
	Weeks
	Days
	Hours
)

var unitNames = [...]string{"", "years", "months", "weeks", "days", "hours"}

// String returns the unit in the plural, as rules of maps write it.
func (u Unit) String() string { return unitNames[u] }

// units are the words for units: of the rules of maps, of UCUM, and of people.
var units = map[string]Unit{
	"year": Years, "years": Years, "y": Years, "yr": Years, "yrs": Years, "a": Years, "år": Years,
	"month": Months, "months": Months, "mo": Months, "mth": Months, "mnd": Months, "måned": Months, "måneder": Months,
	"week": Weeks, "weeks": Weeks, "w": Weeks, "wk": Weeks, "uke": Weeks, "uker": Weeks,
	"day": Days, "days": Days, "d": Days, "dag": Days, "dager": Days,
	"hour": Hours, "hours": Hours, "h": Hours, "hr": Hours, "time": Hours, "timer": Hours,
}

// perBase is how many months, or hours, a unit has.
var perBase = [...]uint64{Years: 12, Months: 1, Weeks: 7 * 24, Days: 24, Hours: 1}

// calendar reports whether the days of a unit depend on the calendar.
func (u Unit) calendar() bool { return u == Years || u == Months }

// ParseAge reads an age such as 63y, 63 years, 2.5 mo, 3 weeks, 27d or 6h. The error is
// Invalid.
func ParseAge(text string) (Age, error) {
	s := strings.TrimSpace(text)
	n := 0
	for n < len(s) && (s[n] >= '0' && s[n] <= '9' || s[n] == '.') {
		n++
	}
	unit, ok := units[strings.ToLower(strings.TrimSpace(s[n:]))]
	age, valid := newAge(s[:n], unit)
	if !ok || !valid {
		return Age{}, &terminology.Error{Op: "conceptmap.ParseAge", Kind: terminology.Invalid,
			Err: fmt.Errorf("found %q, want an age such as 63y, 5mo, 3w, 27d or 6h", text)}
	}
	return age, nil
}

// newAge returns the age of a number with at most six digits before and three after the
// point.
func newAge(number string, unit Unit) (Age, bool) {
	whole, decimals, point := strings.Cut(number, ".")
	if whole == "" || len(whole) > 6 || len(decimals) > 3 || point && decimals == "" {
		return Age{}, false
	}
	n, err := strconv.ParseUint(whole, 10, 32)
	if err != nil {
		return Age{}, false
	}
	a := Age{milli: n * 1000, step: 1000, unit: unit}
	for i := range len(decimals) {
		if decimals[i] < '0' || decimals[i] > '9' {
			return Age{}, false
		}
		a.step /= 10
		a.milli += uint64(decimals[i]-'0') * a.step
	}
	return a, true
}

// Known reports whether there is an age.
func (a Age) Known() bool { return a.unit != NoUnit }

// String returns the age as it was written, with the whole name of its unit: 63 years.
func (a Age) String() string {
	if !a.Known() {
		return ""
	}
	s := strconv.FormatUint(a.milli/1000, 10)
	if a.step < 1000 {
		decimals := strconv.FormatUint(1000+a.milli%1000, 10)[1:]
		s += "." + decimals[:map[uint64]int{100: 1, 10: 2, 1: 3}[a.step]]
	}
	if s == "1" {
		return s + " " + strings.TrimSuffix(a.unit.String(), "s")
	}
	return s + " " + a.unit.String()
}

// comparison is how an age is compared with a limit.
type comparison uint8

const (
	noComparison comparison = iota
	less
	atMost
	more
	atLeast
	equal
)

var comparisonNames = [...]string{"", "<", "<=", ">", ">=", "="}

// compare decides whether an age is as a rule says. Since ages are in completed units, at
// most 15 years is until the 16th birthday, and more than 15 years is from then on.
func compare(a Age, op comparison, limit Age) Truth {
	switch op {
	case less:
		return a.before(limit, 0)
	case atLeast:
		return a.before(limit, 0).not()
	case atMost:
		return a.before(limit, limit.whole())
	case more:
		return a.before(limit, limit.whole()).not()
	}
	return a.before(limit, limit.whole()).and(a.before(limit, 0).not())
}

// whole is how far an age may go beyond a and still be a, in thousandths of its unit.
func (a Age) whole() uint64 {
	if a.milli%1000 == 0 {
		return 1000
	}
	return a.step
}

// before decides whether all of an age is before a limit and some thousandths of its unit.
func (a Age) before(limit Age, further uint64) Truth {
	lo, hi := a.milli*perBase[a.unit], (a.milli+a.step)*perBase[a.unit]
	end := (limit.milli + further) * perBase[limit.unit]
	endLo, endHi := end, end
	if a.unit.calendar() != limit.unit.calendar() { // both in hours
		if a.unit.calendar() {
			lo, hi = minDays(lo/1000)*24_000, maxDays((hi+999)/1000)*24_000
		} else {
			endLo, endHi = minDays(end/1000)*24_000, maxDays((end+999)/1000)*24_000
		}
	}
	switch {
	case hi <= endLo:
		return True
	case lo >= endHi:
		return False
	}
	return Unknown
}

// The days of the shortest and the longest run of 0 to 11 months.
var (
	shortest = [12]uint64{0, 28, 59, 89, 120, 150, 181, 212, 242, 273, 303, 334}
	longest  = [12]uint64{0, 31, 62, 92, 123, 153, 184, 215, 245, 276, 306, 337}
)

// minDays returns the fewest days that some months may have: every fourth year is a leap
// year, but for one in a hundred.
func minDays(months uint64) uint64 {
	years := months / 12
	leap := years / 4
	if skipped := (years + 99) / 100; skipped < leap {
		leap -= skipped
	} else {
		leap = 0
	}
	return years*365 + leap + shortest[months%12]
}

// maxDays returns the most days that some months may have.
func maxDays(months uint64) uint64 {
	years := months / 12
	return years*365 + (years+3)/4 + longest[months%12]
}
