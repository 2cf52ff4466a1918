package dev.potluck.cli;

import org.junit.platform.suite.api.ConfigurationParameter;
import org.junit.platform.suite.api.IncludeEngines;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/// The executable specification: every `.feature` file beside this class, run against real
/// processes. `@T5` and the like name the requirement that a scenario shows.
@Suite
@IncludeEngines("cucumber")
@SelectPackages("dev.potluck.cli")
@ConfigurationParameter(key = "cucumber.glue", value = "dev.potluck.cli")
@ConfigurationParameter(key = "cucumber.publish.quiet", value = "true")
@ConfigurationParameter(key = "cucumber.object-factory", value = "dev.potluck.cli.StoryObjects")
@ConfigurationParameter(key = "cucumber.junit-platform.naming-strategy", value = "long")
@ConfigurationParameter(key = "cucumber.execution.parallel.enabled", value = "true")
@ConfigurationParameter(key = "cucumber.execution.parallel.config.strategy", value = "fixed")
@ConfigurationParameter(key = "cucumber.execution.parallel.config.fixed.parallelism", value = "2")
@ConfigurationParameter(key = "cucumber.execution.parallel.config.fixed.max-pool-size", value = "2")
final class FeaturesTest {}
