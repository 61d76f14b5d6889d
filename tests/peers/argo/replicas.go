package main

import (
	"math/rand"

	"github.com/argoproj/argo-rollouts/pkg/apis/rollouts/v1alpha1"
	"github.com/argoproj/argo-rollouts/utils/replicaset"
	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/utils/ptr"
)

var bounds = []any{0, 1, 2, 3, 10, "0%", "1%", "10%", "25%", "33%", "50%", "100%"}

func bound(value any) *intstr.IntOrString {
	var bound intstr.IntOrString
	if number, ok := value.(int); ok {
		bound = intstr.FromInt32(int32(number))
	} else {
		bound = intstr.FromString(value.(string))
	}
	return &bound
}

func set(name string, spec, available int32) *appsv1.ReplicaSet {
	return &appsv1.ReplicaSet{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec:       appsv1.ReplicaSetSpec{Replicas: ptr.To(spec)},
		Status:     appsv1.ReplicaSetStatus{Replicas: spec, AvailableReplicas: available},
	}
}

// replicas is one round of scaling of a canary without a router or with one.
func replicas(r *rand.Rand, id int) map[string]any {
	count, weight := int32(1+r.Intn(40)), int32(r.Intn(101))
	if r.Intn(8) == 0 {
		count = int32(100 + r.Intn(900))
	}
	surge, unavailable := bounds[r.Intn(len(bounds))], bounds[r.Intn(len(bounds))]
	specs := [2]int32{int32(r.Intn(int(count) + 1)), int32(r.Intn(int(count) + 2))}
	available := [2]int32{int32(r.Intn(int(specs[0]) + 1)), int32(r.Intn(int(specs[1]) + 1))}
	if r.Intn(3) > 0 {
		available = specs
	}
	routed := r.Intn(3) == 0
	canary := &v1alpha1.CanaryStrategy{
		MaxSurge: bound(surge), MaxUnavailable: bound(unavailable), Steps: []v1alpha1.CanaryStep{{SetWeight: ptr.To(weight)}},
	}
	if routed {
		canary.TrafficRouting = &v1alpha1.RolloutTrafficRouting{}
	}
	rollout := &v1alpha1.Rollout{Spec: v1alpha1.RolloutSpec{Replicas: ptr.To(count), Strategy: v1alpha1.RolloutStrategy{Canary: canary}}}
	rollout.Status.CurrentStepIndex = ptr.To(int32(0))
	rollout.Status.StableRS = "stable"
	fresh, stable := set("canary", specs[0], available[0]), set("stable", specs[1], available[1])
	var asked [2]int32
	if routed {
		asked[0], asked[1] = replicaset.CalculateReplicaCountsForTrafficRoutedCanary(rollout, fresh, stable, nil)
	} else {
		asked[0], asked[1] = replicaset.CalculateReplicaCountsForBasicCanary(rollout, fresh, stable, nil)
	}
	row := map[string]any{
		"kind": "replicas", "id": id, "replicas": count, "weight": weight, "max_surge": surge, "max_unavailable": unavailable,
		"canary": map[string]any{"spec": specs[0], "available": available[0]},
		"stable": map[string]any{"spec": specs[1], "available": available[1]}, "traffic_routed": routed,
	}
	real := map[string]any{
		"canary": asked[0], "stable": asked[1], "max_surge": replicaset.MaxSurge(rollout), "max_unavailable": replicaset.MaxUnavailable(rollout),
		"at_desired": replicaset.AtDesiredReplicaCountsForCanary(rollout, fresh, stable, nil, nil),
	}
	return map[string]any{"case": row, "real": real}
}
