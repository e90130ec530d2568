CREATE DATABASE staging CHARACTER SET latin1 COLLATE latin1_german1_ci;
