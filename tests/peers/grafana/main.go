// Holds a dashboard against the types that Grafana generates from its schemas: every key is known, every value fits.
//
// Usage: grafana FILE. The envelope of an import, `__inputs`, is no part of a dashboard and is left out.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

func main() {
	plugins.RegisterDefaultPlugins()
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		fmt.Println(err)
		os.Exit(3)
	}
	var document map[string]json.RawMessage
	if err := json.Unmarshal(text, &document); err != nil {
		fmt.Println(err)
		os.Exit(3)
	}
	delete(document, "__inputs")
	text, _ = json.Marshal(document)
	var board dashboard.Dashboard
	// An empty list of errors is an error in Go, and none here.
	if err := board.UnmarshalJSONStrict(text); err != nil && err.Error() != "" {
		fmt.Println("it is no dashboard:", err)
		os.Exit(1)
	}
	if err := board.Validate(); err != nil && err.Error() != "" {
		fmt.Println("it is no valid dashboard:", err)
		os.Exit(1)
	}
	fmt.Println(len(board.Panels), "panels")
}
