package rest

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestLongAnswers: when as many long answers are made XML as may be, another one waits, or
// ends with its client, and short ones and JSON do not wait.
func TestLongAnswers(t *testing.T) {
	for range cap(longAnswers) {
		longAnswers <- struct{}{}
	}
	write := func(ctx context.Context, n int, form format) (done chan int) {
		done = make(chan int, 1)
		rec := httptest.NewRecorder()
		c := echo.New().NewContext(httptest.NewRequest("GET", "/", nil).WithContext(ctx), rec)
		x := &call{out: []byte(`{"resourceType":"ValueSet","title":"` + strings.Repeat("x", n) + `"}`)}
		go func() {
			if err := x.write(c, 200, form); err != nil {
				t.Error(err)
			}
			done <- rec.Body.Len()
		}()
		return done
	}
	xml, gone := format{kind: asXML}, context.Background()
	if n := <-write(gone, 100, xml); n < 100 {
		t.Errorf("a short answer has %d bytes", n)
	}
	if n := <-write(gone, 2*longAnswer, format{}); n < 2*longAnswer {
		t.Errorf("a long one in JSON has %d bytes", n)
	}
	ctx, leave := context.WithCancel(gone)
	given, waiting := write(ctx, 2*longAnswer, xml), write(gone, 2*longAnswer, xml)
	select {
	case <-waiting:
		t.Error("a long answer does not wait")
	case <-time.After(100 * time.Millisecond):
	}
	late, cancel := terminology.WithTimeout(gone, 20*time.Millisecond)
	defer cancel()
	rec := httptest.NewRecorder()
	c := echo.New().NewContext(httptest.NewRequest("GET", "/", nil).WithContext(late), rec)
	if err := (&call{out: []byte(strings.Repeat(" ", 2*longAnswer))}).write(c, 200, xml); err != nil || rec.Code != 503 || !strings.Contains(rec.Body.String(), "longer than 20ms") {
		t.Errorf("one whose time is over is told %d %s, %v, want 503 and why", rec.Code, rec.Body, err)
	}
	leave()
	if n := <-given; n != 0 {
		t.Errorf("a client that went away is written %d bytes", n)
	}
	for range cap(longAnswers) {
		<-longAnswers
	}
	if n := <-waiting; n < 2*longAnswer {
		t.Errorf("the long answer has %d bytes", n)
	}
}
