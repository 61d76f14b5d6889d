//! Cases of Kayenta's own tests (spinnaker/kayenta, commit a69573b, MannWhitneySuite and
//! ClassifierSuite), and the exact null distribution.

use super::*;

/// The values of one of Kayenta's samples that are not 0; the sample has 210 values.
const SPARSE_X: [f64; 64] = [
    1.666_666_666_666_657_2,
    3.703_703_703_703_681,
    1.562_500_000_000_014_2,
    3.333_333_333_333_343,
    1.754_385_964_912_273_7,
    1.851_851_851_851_847_6,
    1.851_851_851_851_847_6,
    1.515_151_515_151_515_6,
    1.785_714_285_714_277_6,
    1.333_333_333_333_328_6,
    3.125_000_000_000_014,
    1.960_784_313_725_511_7,
    1.449_275_362_318_829_3,
    2.439_024_390_243_887,
    1.639_344_262_295_068_7,
    1.612_903_225_806_448_4,
    1.960_784_313_725_511_7,
    1.587_301_587_301_581_7,
    2.816_901_408_450_718_2,
    3.030_303_030_303_045_4,
    3.389_830_508_474_574_3,
    1.234_567_901_234_584,
    1.724_137_931_034_476_9,
    1.694_915_254_237_287_2,
    1.470_588_235_294_116,
    1.369_863_013_698_619_6,
    3.225_806_451_612_911,
    1.754_385_964_912_288,
    3.448_275_862_068_953_8,
    3.333_333_333_333_343,
    1.818_181_818_181_813,
    1.428_571_428_571_444_8,
    1.886_792_452_830_192_7,
    2.000_000_000_000_028_4,
    2.985_074_626_865_682,
    1.666_666_666_666_671_4,
    1.562_5,
    1.923_076_923_076_919_8,
    1.851_851_851_851_861_9,
    2.702_702_702_702_709,
    1.351_351_351_351_354_4,
    1.818_181_818_181_813,
    1.666_666_666_666_657_2,
    1.818_181_818_181_813,
    1.428_571_428_571_416_4,
    4.109_589_041_095_901_5,
    1.851_851_851_851_861_9,
    1.851_851_851_851_847_6,
    1.388_888_888_888_885_7,
    1.886_792_452_830_178_5,
    1.428_571_428_571_416_4,
    1.562_5,
    1.886_792_452_830_192_7,
    2.040_816_326_530_603,
    1.818_181_818_181_813,
    1.639_344_262_295_068_7,
    1.724_137_931_034_476_9,
    1.515_151_515_151_515_6,
    2.564_102_564_102_555,
    5.555_555_555_555_557,
    4.081_632_653_061_206,
    3.571_428_571_428_583_6,
    2.040_816_326_530_603,
    3.174_603_174_603_163_3,
];
const SPARSE_Y: [f64; 17] = [
    1.562_500_000_000_014_2,
    1.388_888_888_888_885_7,
    1.538_461_538_461_561_4,
    1.492_537_313_432_834,
    1.694_915_254_237_301_4,
    1.470_588_235_294_116,
    1.754_385_964_912_288,
    1.851_851_851_851_861_9,
    1.639_344_262_295_068_7,
    1.724_137_931_034_476_9,
    1.587_301_587_301_581_7,
    1.492_537_313_432_834,
    3.124_999_999_999_986,
    1.492_537_313_432_834,
    2.985_074_626_865_653_6,
    2.500_000_000_000_028_4,
    1.785_714_285_714_277_6,
];

const TEN: [f64; 30] = [
    11.145_358_677_408_6,
    9.961_805_988_559_702,
    7.068_574_306_369_829,
    7.301_266_181_048_366,
    9.794_463_026_565_673,
    9.603_791_860_368_73,
    6.186_779_335_033_939,
    12.345_599_159_550_174,
    10.371_891_733_859_533,
    8.609_430_078_501_672,
    9.913_162_673_361_084,
    10.361_375_299_003_466,
    14.206_800_387_518_818,
    10.946_153_754_753_3,
    10.215_876_627_044_048,
    11.739_760_899_484_603,
    10.907_627_468_626_439,
    12.823_353_694_464_775,
    8.101_860_977_173_214,
    8.498_161_640_880_493,
    12.113_441_374_697_231,
    13.272_210_809_932_028,
    10.114_579_381_663_297,
    6.946_395_876_797_807,
    6.210_527_854_172_778,
    10.160_401_684_903_775,
    8.345_771_206_645_546,
    8.383_822_063_895_833,
    7.002_020_507_008_376_5,
    10.755_757_401_808_442,
];
const ALSO_TEN: [f64; 30] = [
    9.776_734_312_010_946,
    10.587_071_850_477_695,
    7.837_550_638_890_177,
    9.324_332_688_611_388,
    8.377_450_540_978_442,
    8.935_926_439_960_628,
    8.270_766_332_472_851,
    9.748_430_812_671_693,
    11.623_746_715_547_156,
    9.275_344_267_963_394,
    8.153_804_774_917_152,
    10.562_020_975_754_294,
    13.498_135_575_451_835,
    11.054_419_256_110_332,
    6.953_890_359_005_509,
    12.521_008_342_195_48,
    9.021_635_860_354_644,
    4.923_485_669_953_166,
    11.251_360_203_607_172,
    11.598_449_508_040_337,
    8.435_232_204_668_182,
    11.110_228_516_867_279,
    10.700_633_801_647_55,
    8.921_277_365_211_525,
    10.086_167_067_942_661,
    11.421_075_154_830_87,
    9.379_234_781_364_495,
    7.798_032_014_855_259,
    10.623_398_072_757_46,
    11.909_642_062_063_739,
];
const TWENTY: [f64; 30] = [
    20.878_412_601_720_026,
    21.785_505_811_916_22,
    19.708_280_847_170_19,
    15.859_946_903_461_562,
    19.510_058_772_176_84,
    19.392_005_525_270_303,
    22.926_528_314_912_1,
    17.156_530_276_709_894,
    18.655_117_916_226_17,
    23.422_607_911_610_392,
    24.055_817_684_156_644,
    22.626_899_585_165_01,
    21.979_472_967_817_678,
    21.659_318_607_218_694,
    20.067_707_574_072_426,
    22.119_570_836_305_414,
    16.440_371_326_633_07,
    21.559_622_826_341_27,
    21.000_181_443_489_22,
    17.779_369_411_412_663,
    17.806_006_358_943_584,
    18.537_200_618_386_11,
    20.555_550_300_210_797,
    19.552_928_184_468_378,
    21.771_118_944_087_092,
    21.809_622_806_176_627,
    20.961_762_909_905_27,
    20.977_571_577_503_02,
    19.106_303_205_498_794,
    16.976_918_966_987_08,
];

fn padded(values: &[f64]) -> Vec<f64> {
    let mut sample = values.to_vec();
    sample.resize(210, 0.0);
    sample
}

fn near(got: f64, expect: f64, tolerance: f64) {
    assert!((got - expect).abs() <= tolerance, "{got}, not {expect}");
}

#[test]
fn a_small_sample_has_the_interval_of_kayentas_suite() {
    let (experiment, control) = ([10.0, 20.0, 30.0, 40.0], [1.0, 2.0, 3.0, 4.0]);
    let shift = Shift::estimate(&experiment, &control, 0.95);
    near(shift.low, 6.0, 1e-4);
    near(shift.high, 39.0, 1e-4);
    near(shift.estimate, 22.5, 1e-4);
}

/// Every number on the way, as R gave them to Kayenta's authors.
#[test]
fn the_steps_on_the_way_are_rs() {
    let sorted = |values: &[f64]| {
        let mut sample = padded(values);
        sample.sort_by(f64::total_cmp);
        sample
    };
    let (x, y) = (sorted(&SPARSE_X), sorted(&SPARSE_Y));
    let (lowest, highest) = (x[0] - y[209], x[209] - y[0]);
    near(lowest, -3.124_999_999_999_986, 1e-12);
    near(highest, 5.555_555_555_555_557, 1e-12);
    let z = 1.959_963_984_540_053_6;
    near(
        standardised(&x, &y, lowest) - z,
        17.090_968_923_762_254,
        1e-9,
    );
    near(
        standardised(&x, &y, highest) - z,
        -20.997_687_930_433_106,
        1e-9,
    );
    near(
        standardised(&x, &y, lowest) + z,
        21.010_896_892_842_36,
        1e-9,
    );
    near(standardised(&x, &y, highest) + z, -17.077_759_961_353, 1e-9);
    let shift = Shift::estimate(&x, &y, 0.95);
    near(shift.low, 3.521_755_377_702_165e-5, 1e-10);
    near(shift.high, 2.024_564_616_623_34e-5, 1e-10);
    near(shift.estimate, 2.627_924_304_515_565_3e-5, 1e-10);
}

#[track_caller]
fn check(judge: MannWhitney, control: &[f64], experiment: &[f64], expect: Classified) {
    assert_eq!(judge.classify(experiment, control), expect);
}

/// The judge of Kayenta's suite: tolerance 0.1, confidence 0.95.
fn suite(direction: ShiftDirection) -> MannWhitney {
    MannWhitney {
        tolerance: 0.1,
        confidence: 0.95,
        ..MannWhitney::kayenta(direction)
    }
}

#[test]
fn kayentas_suite_of_classifications_comes_out() {
    let either = suite(ShiftDirection::Either);
    check(either, &TEN, &ALSO_TEN, Classified::Pass);
    check(either, &TEN, &TWENTY, Classified::High);
    check(either, &TWENTY, &ALSO_TEN, Classified::Low);
    check(
        suite(ShiftDirection::Increase),
        &TEN,
        &TWENTY,
        Classified::High,
    );
    check(
        suite(ShiftDirection::Decrease),
        &TEN,
        &TWENTY,
        Classified::Pass,
    );
    check(
        suite(ShiftDirection::Decrease),
        &TWENTY,
        &TEN,
        Classified::Low,
    );
}

#[test]
fn an_effect_that_is_significant_and_small_passes() {
    let (control, experiment) = (
        [20.0, 22.0, 21.0, 25.0, 30.0],
        [10.0, 12.2, 10.1, 12.5, 23.0],
    );
    let judge = MannWhitney {
        decrease: 0.5,
        ..suite(ShiftDirection::Either)
    };
    check(judge, &control, &experiment, Classified::Pass);
    let (control, experiment) = ([1.0, 2.2, 1.1, 2.5, 3.0], [20.0, 22.0, 21.0, 25.0, 30.0]);
    let judge = |increase| MannWhitney {
        increase,
        ..suite(ShiftDirection::Either)
    };
    check(judge(1.0), &control, &experiment, Classified::High);
    check(judge(13.0), &control, &experiment, Classified::Pass);
    let common_language = MannWhitney {
        effect: EffectSize::CommonLanguage,
        ..judge(0.9)
    };
    check(common_language, &control, &experiment, Classified::High);
}

#[test]
fn samples_without_spread_are_special() {
    let either = suite(ShiftDirection::Either);
    let decrease = suite(ShiftDirection::Decrease);
    check(decrease, &[1.0; 2], &[1.0; 3], Classified::Pass);
    let down = [5.0, 4.0, 3.0, 2.0, 1.0];
    let up = [1.0, 2.0, 3.0, 4.0, 5.0];
    check(decrease, &down, &up, Classified::Pass);
    check(
        decrease,
        &[1.0; 5],
        &[0.0, 1.0, 1.0, 1.0, 1.0],
        Classified::Pass,
    );
    check(
        either,
        &[1.0; 5],
        &[1.0, 1.0, 1.0, 1.0, 10.0],
        Classified::Pass,
    );
    check(either, &[], &up, Classified::Nodata);
    check(either, &[0.0; 5], &[10.0; 5], Classified::High);
    check(either, &[10.0; 5], &[0.0; 5], Classified::Low);
}

/// Ten against ten: 81 is the smallest U with a tail of at most 1 %, 0.92717 % (published tables of
/// the one-sided test at 1 % reject at U <= 19, the mirror image).
#[test]
fn the_exact_null_distribution_gives_the_published_critical_value() {
    let tail = exact_upper_tail(10, 10);
    assert_eq!(tail.iter().position(|p| *p <= 0.01), Some(81));
    near(tail[81], 0.009_271_688_064_257_724, 1e-15);
    near(tail[0], 1.0, 1e-12);
    near(tail[100] * 184_756.0, 1.0, 1e-9);
}

#[test]
fn unequal_samples_have_one_way_to_win_all() {
    let tail = exact_upper_tail(2, 3);
    let ways = [10.0, 9.0, 8.0, 6.0, 4.0, 2.0, 1.0];
    for (p, ways) in tail.iter().zip(ways) {
        near(p * 10.0, ways, 1e-12);
    }
}
