// Fresh random cases, decided by Argo Rollouts itself: one JSON line each, as `coalmine verify --cases` takes them.
// Usage: argo condition|replicas SEED CASES
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"strconv"

	"github.com/argoproj/argo-rollouts/pkg/apis/rollouts/v1alpha1"
	"github.com/argoproj/argo-rollouts/utils/evaluate"
	log "github.com/sirupsen/logrus"
)

var (
	numbers   = []string{"0", "0.5", "0.95", "0.99", "1", "5", "100", "1e-3", "-1"}
	relations = []string{">", ">=", "<", "<=", "==", "!="}
	scalars   = []string{"result", "result * 2", "result + 1", "result / 2", "-result", "asFloat(result)", "default(result, 0)"}
	elements  = []string{"result[0]", "result[1]", "result[-1]", "len(result)", "mean(result)", "median(result)", "max(result)", "min(result)", "sum(result)", "asFloat(result[0])", "default(result[0], 0)"}
	vectors   = []string{"all(result, # %s)", "any(result, # %s)", "none(result, # %s)", "len(filter(result, # %s)) > 0"}
	fields    = []string{"result.a", "result.b.c", "result.x", "len(result.list)", "asFloat(result.s)"}
)

func pick(r *rand.Rand, all []string) string { return all[r.Intn(len(all))] }

// compare is a comparison of what a value of this shape offers.
func compare(r *rand.Rand, shape int) string {
	limit := pick(r, relations) + " " + pick(r, numbers)
	switch {
	case shape == 0:
		return pick(r, scalars) + " " + limit
	case shape == 2:
		return pick(r, fields) + " " + limit
	case r.Intn(4) == 0:
		return fmt.Sprintf(pick(r, vectors), limit)
	default:
		return pick(r, elements) + " " + limit
	}
}

func condition(r *rand.Rand, shape int) string {
	text := compare(r, shape)
	switch r.Intn(8) {
	case 0:
		return text + " && " + compare(r, shape)
	case 1:
		return text + " || " + compare(r, shape)
	case 2:
		return "!(" + text + ")"
	case 3:
		return "len(result) == 0 || " + text
	case 4:
		return text + " ? true : " + compare(r, shape)
	}
	return text
}

func number(r *rand.Rand) float64 {
	value, _ := strconv.ParseFloat(pick(r, numbers), 64)
	if r.Intn(2) == 0 {
		return float64(r.Intn(2000)) / 1000
	}
	return value
}

func value(r *rand.Rand, shape int) any {
	switch shape {
	case 0:
		return number(r)
	case 1:
		list := make([]float64, r.Intn(4))
		for i := range list {
			list[i] = number(r)
		}
		return list
	}
	return map[string]any{
		"a": number(r), "b": map[string]any{"c": number(r)}, "s": pick(r, numbers), "list": []any{number(r), number(r)},
	}
}

func main() {
	seed, _ := strconv.ParseInt(os.Args[2], 10, 64)
	cases, _ := strconv.Atoi(os.Args[3])
	r := rand.New(rand.NewSource(seed))
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	lines := json.NewEncoder(out)
	made := map[string]func(*rand.Rand, int) map[string]any{"condition": judged, "replicas": replicas}[os.Args[1]]
	for id := 0; id < cases; id++ {
		if err := lines.Encode(made(r, id)); err != nil {
			panic(err)
		}
	}
}

// judged is a condition on a value.
func judged(r *rand.Rand, id int) map[string]any {
	shape := r.Intn(3)
	success, failure := "", ""
	if r.Intn(4) > 0 {
		success = condition(r, shape)
	}
	if success == "" || r.Intn(3) == 0 {
		failure = condition(r, shape)
	}
	asked := value(r, shape)
	metric := v1alpha1.Metric{SuccessCondition: success, FailureCondition: failure}
	phase, err := evaluate.EvaluateResult(asked, metric, *log.NewEntry(log.New()))
	real := map[string]any{"phase": phase}
	if err != nil {
		real["message"] = err.Error()
	}
	row := map[string]any{"kind": "condition", "id": id, "success": success, "failure": failure, "value": asked}
	return map[string]any{"case": row, "real": real}
}
