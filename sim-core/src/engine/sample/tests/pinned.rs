//! Known answers: the first values of every sampler under one key, pinned bit for bit.
//!
//! They were recorded from this implementation after it had passed the tests of fit. A change
//! here changes the result of every recorded run, and is a new major version of the results.

use super::super::*;
use crate::engine::{Draws, Key, RunningHash};

fn first(sample: impl Fn(&mut Draws) -> u64) -> [u64; 3] {
    let mut draws = Key::for_replication(424_242, 7).draws(2, 3, 4);
    [0; 3].map(|_| sample(&mut draws))
}

#[test]
fn counts_are_the_recorded_ones() {
    let check = |name: &str, sample: fn(&mut Draws) -> u64, expect: [u64; 3]| {
        assert_eq!(first(sample), expect, "{name}");
    };
    check("poisson 3", |d| poisson(d, 3.0), [2, 3, 3]);
    check("poisson 5000", |d| poisson(d, 5_000.0), [4_935, 4_988, 4_962]);
    check("binomial 900 0.005", |d| binomial(d, 900, 0.005), [3, 5, 4]);
    check("binomial 1e7 0.6", |d| binomial(d, 10_000_000, 0.6), [6_001_414, 6_000_269, 6_000_821]);
    check("negative binomial 20 1.5", |d| negative_binomial(d, 20.0, 1.5), [27, 3, 3]);
    check("beta-binomial 100 2 3", |d| beta_binomial(d, 100, 2.0, 3.0), [40, 13, 55]);
    check("hypergeometric 90 9 30", |d| hypergeometric(d, 90, 9, 30), [2, 3, 3]);
    check("hypergeometric 9e5 7e5 3e4", |d| hypergeometric(d, 900_000, 700_000, 30_000),
        [23_310, 23_308, 23_389]);
}

#[test]
fn numbers_are_the_recorded_ones_to_the_last_bit() {
    let check = |name: &str, sample: fn(&mut Draws) -> f64, expect: [u64; 3]| {
        let found = first(|draws| sample(draws).to_bits());
        assert_eq!(found, expect, "{name}: {:?}", found.map(f64::from_bits));
    };
    check("uniform", Draws::uniform,
        [0x3FCA_B35C_5B02_910C, 0x3FE1_4A80_9B0B_7FBF, 0x3FDC_0D7B_00BF_C96A]);
    check("standard normal", standard_normal,
        [0x3FE6_2876_B1B7_73E5, 0xBFF4_9BD1_AB28_AD3E, 0x3FEC_5E93_A641_4B1A]);
    check("normal 5 2", |d| normal(d, 5.0, 2.0),
        [0x4019_8A1D_AC6D_DCF9, 0x4003_642E_54D7_52C2, 0x401B_17A4_E990_52C6]);
    check("lognormal 1 0.5", |d| lognormal(d, 1.0, 0.5),
        [0x400E_BE33_12D7_8B94, 0x3FF6_D75B_C319_4876, 0x4010_F028_D0C6_228A]);
    check("exponential 4", |d| exponential(d, 4.0),
        [0x4019_13D6_70EA_35FD, 0x4003_B292_692E_7863, 0x400A_64C2_52E2_210D]);
    check("gamma 2.5 3", |d| gamma(d, 2.5, 3.0),
        [0x4024_1FE0_FF26_903B, 0x4026_81C2_634D_E60C, 0x4031_35E4_25B0_B2A8]);
    check("gamma 0.3 1", |d| gamma(d, 0.3, 1.0),
        [0x3FBD_CD46_D85A_E83E, 0x3FD2_66CE_BA6D_E3D7, 0x3FA6_C706_05FF_0131]);
    check("chi-squared 40", |d| chi_squared(d, 40.0),
        [0x4046_E668_89C1_F010, 0x4047_DDB5_1C5B_ED87, 0x404C_2BFD_2156_7592]);
    check("beta 2 3", |d| beta(d, 2.0, 3.0),
        [0x3FD8_8813_572A_A6DA, 0x3FEA_F2F6_78B1_12D9, 0x3FC3_430D_9BC9_0448]);
    check("beta 0.4 0.9", |d| beta(d, 0.4, 0.9),
        [0x3FD1_63A8_6BC0_9A20, 0x3FE9_5351_3D3A_2970, 0x3FD2_A730_A5C8_5BAE]);
    check("the 99th of 100", |d| order_statistic(d, 100, 99),
        [0x3FEF_1719_B327_188E, 0x3FEF_E388_C99F_22B3, 0x3FEF_1659_5916_45E0]);
}

#[test]
fn long_sequences_hash_to_the_recorded_values() {
    // Enough draws to pass through the rare branches, which the first three do not.
    let check = |name: &str, sample: fn(&mut Draws) -> f64, expect: u64| {
        let mut draws = Key::for_replication(424_242, 7).draws(2, 3, 4);
        let mut hash = RunningHash::new();
        for _ in 0..20_000 {
            hash.float(sample(&mut draws));
        }
        assert_eq!(hash.finish(), expect, "{name}: {:#X}", hash.finish());
    };
    check("standard normal", standard_normal, 0xA0E0_33D9_84EC_9158);
    check("exponential 4", |d| exponential(d, 4.0), 0x8380_61AF_C4D4_28E2);
    check("lognormal 1 0.5", |d| lognormal(d, 1.0, 0.5), 0xDE19_F593_DA89_F296);
    check("gamma 2.5 3", |d| gamma(d, 2.5, 3.0), 0xCFCE_368B_106D_EC3D);
    check("gamma 0.3 1", |d| gamma(d, 0.3, 1.0), 0xA003_6AD0_39EB_1831);
    check("beta 2 3", |d| beta(d, 2.0, 3.0), 0x8358_EA1B_FB13_9B55);
    check("beta 0.4 0.9", |d| beta(d, 0.4, 0.9), 0x916B_CC68_719F_919E);
    check("poisson 9", |d| poisson(d, 9.0) as f64, 0x28F5_4167_A6F7_5897);
    check("poisson 12", |d| poisson(d, 12.0) as f64, 0x3AA4_895B_32DF_E587);
    check("poisson 5000", |d| poisson(d, 5_000.0) as f64, 0x64FC_C79F_EFB0_7292);
    check("binomial 900 0.005", |d| binomial(d, 900, 0.005) as f64, 0x1065_0C93_B370_F651);
    check("binomial 40 0.5", |d| binomial(d, 40, 0.5) as f64, 0xCBC2_CF56_A6F7_FA15);
    check("binomial 1e7 0.6", |d| binomial(d, 10_000_000, 0.6) as f64, 0x78BE_C32D_0C80_A1F6);
    check("hypergeometric 90 9 30", |d| hypergeometric(d, 90, 9, 30) as f64, 0xD28C_588C_90EF_A21F);
    check("hypergeometric 1000 400 300", |d| hypergeometric(d, 1_000, 400, 300) as f64,
        0x2BA3_2DFC_B0E8_AC97);
}
