package importer

import "time"

// Stage is a step of an import.
type Stage uint8

// The stages, in order.
const (
	Reading Stage = iota
	Computing
	Writing
	Indexing
	Checking
	Published
)

// String returns the stage in words.
func (s Stage) String() string {
	return [...]string{"reading", "computing", "writing", "indexing", "checking", "published"}[s]
}

// Progress is how far an import is.
type Progress struct {
	Name    string // of the release
	Stage   Stage
	Done    int64 // of Total: bytes while reading, documents while indexing
	Total   int64 // 0: not known
	Rows    int   // read so far
	BadRows int
	Elapsed time.Duration // since the import began
}

// reporter turns counts into reports, at most a few a second.
type reporter struct {
	to    func(Progress)
	now   Progress
	start time.Time
	next  time.Time
}

const reportEvery = 200 * time.Millisecond

func newReporter(to func(Progress), name string) *reporter {
	if to == nil {
		to = func(Progress) {}
	}
	start := time.Now()
	return &reporter{to: to, now: Progress{Name: name}, start: start, next: start}
}

// stage begins a stage.
func (r *reporter) stage(s Stage, total int64) {
	r.now.Stage, r.now.Done, r.now.Total = s, 0, total
	r.send()
}

func (r *reporter) send() {
	r.now.Elapsed = time.Since(r.start)
	r.next = r.start.Add(r.now.Elapsed + reportEvery)
	r.to(r.now)
}

func (r *reporter) read(_ string, n int) {
	r.now.Done += int64(n)
	r.tick()
}

func (r *reporter) count(rows int) { r.now.Rows += rows }

func (r *reporter) add(n int64) {
	r.now.Done += n
	if r.now.Done&0x3ff == 0 {
		r.tick()
	}
}

func (r *reporter) tick() {
	if time.Now().After(r.next) {
		r.send()
	}
}
