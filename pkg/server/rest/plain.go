package rest

import (
	"encoding/json"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// addPlain adds what is asked by operators and their tools, not by FHIR clients.
func (s *Server) addPlain() {
	version, _ := json.Marshal(struct { // strings always marshal
		Name     string `json:"name"`
		Version  string `json:"version"`
		Released string `json:"released"`
	}{s.opts.Software, s.opts.Version, s.opts.Released})
	version = append(version, '\n')
	asked := []string{http.MethodGet, http.MethodHead}
	s.echo.Match(asked, "/healthz", func(c echo.Context) error {
		return c.String(http.StatusOK, "alive\n")
	})
	s.echo.Match(asked, "/readyz", func(c echo.Context) error {
		if err := s.opts.Ready(); err != nil {
			return c.String(http.StatusServiceUnavailable, "not ready: "+terminology.Message(err)+"\n")
		}
		return c.String(http.StatusOK, "ready\n")
	})
	s.echo.Match(asked, "/version", func(c echo.Context) error {
		return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, version)
	})
}
