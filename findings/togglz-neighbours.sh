#!/usr/bin/env bash
# Togglz: two features whose names differ in the last letter reach nine in ten of the same users, and whether a user
# is in says whether the next one is.
#
# Product   org.togglz:togglz-core 4.6.1 with org.slf4j:slf4j-api 2.0.17 (Maven Central), its gradual rollout
#           strategy.
# What      The share is compared with String.hashCode of user and feature, modulo 100. That hash is a sum in which
#           the last letter counts once: SHIP1 and SHIP2 differ by one step, so that their 10 % have 892 of 990 users
#           in common, where SHIP and PRICE have the 109 of two independent draws. A letter of the user's name counts
#           by its distance from the end, so the length of the feature's name decides over neighbours: at 10 % of
#           CHECKOUT the next user is in as well for 434 of 997 users (100 by chance), of CHECKOUTS for none. At 50 %
#           of SHIP it is one, the other, one, the other: the even numbers.
# Expected  Togglz's page on activation strategies says that the strategy takes a percentage of the users by a hash,
#           such that a user keeps the answer. From a hash one expects that neither a neighbour in the alphabet nor
#           the next number says anything about a user.
# Rollout   Features come in families, CHECKOUT1 and CHECKOUT2: the same tenth of the users carries the risk of both,
#           and a comparison of one is confounded with the other. Tenants that were created together are hit together
#           or spared together, and half of the users by even numbers is one half of many a database.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib/finding.sh"

for artifact in org.togglz:togglz-core:4.6.1 org.slf4j:slf4j-api:2.0.17; do
  mvn --quiet --batch-mode -Dstyle.color=never dependency:copy -Dartifact="$artifact" -DoutputDirectory="$work/jars"
  echo "with $artifact (Maven Central)"
done

cat > Reached.java <<'JAVA'
import org.togglz.core.activation.GradualActivationStrategy;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.user.SimpleFeatureUser;

public class Reached {
  static final int USERS = 10_000;

  static boolean[] reached(String feature, int percentage) {
    FeatureState state = new FeatureState(() -> feature)
        .setParameter(GradualActivationStrategy.PARAM_PERCENTAGE, Integer.toString(percentage));
    GradualActivationStrategy strategy = new GradualActivationStrategy();
    boolean[] reached = new boolean[USERS];
    for (int user = 0; user < USERS; user++) {
      reached[user] = strategy.isActive(state, new SimpleFeatureUser("user" + user));
    }
    return reached;
  }

  static int count(boolean[] one, boolean[] other, int shift) {
    int both = 0;
    for (int user = 0; user + shift < USERS; user++) {
      if (one[user] && other[user + shift]) both++;
    }
    return both;
  }

  public static void main(String[] arguments) {
    boolean[] ship = reached("SHIP", 10), price = reached("PRICE", 10);
    boolean[] one = reached("SHIP1", 10), two = reached("SHIP2", 10);
    boolean[] eight = reached("CHECKOUT", 10), nine = reached("CHECKOUTS", 10);
    System.out.println("unlike: " + count(ship, ship, 0) + " " + count(price, price, 0) + " " + count(ship, price, 0));
    System.out.println("alike: " + count(one, one, 0) + " " + count(two, two, 0) + " " + count(one, two, 0));
    System.out.println("eight: " + count(eight, eight, 0) + " " + count(eight, eight, 1));
    System.out.println("nine: " + count(nine, nine, 0) + " " + count(nine, nine, 1));
    StringBuilder half = new StringBuilder();
    boolean[] turns = reached("SHIP", 50);
    for (int user = 0; user < 20; user++) half.append(turns[user] ? '1' : '0');
    System.out.println("turns: " + half);
  }
}
JAVA
javac -cp 'jars/*' Reached.java
java -cp 'jars/*:.' Reached > reached.txt 2> reached.log

echo "of 10 000 users, 10 % each:"
seen "in SHIP, in PRICE, in both" "$(sed -n 's/^unlike: //p' reached.txt)" "991 1020 109"
seen "in SHIP1, in SHIP2, in both" "$(sed -n 's/^alike: //p' reached.txt)" "993 990 892"
seen "in CHECKOUT, and the next user too" "$(sed -n 's/^eight: //p' reached.txt)" "997 434"
seen "in CHECKOUTS, and the next user too" "$(sed -n 's/^nine: //p' reached.txt)" "1004 0"
seen "users 0 to 19 in 50 % of SHIP" "$(sed -n 's/^turns: //p' reached.txt)" "10101010101010101010"
finish
